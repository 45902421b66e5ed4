"""Every payload format: documented, deterministic, and no record breaks it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.rows import BadRow, Row
from preceptor.traces.bounds import bounded, cleaned
from preceptor.traces.payload_format import payload_formats
from preceptor.traces.record import from_record, to_record
from preceptor.traces.redact import redact_trace
from preceptor.traces.types import PassedOver, Trace

NAMES = payload_formats.names()

# The words of the formats, so that what is drawn gets past their first look.
KEYS = st.sampled_from(
    [
        "id",
        "messages",
        "prompt",
        "output",
        "response",
        "request",
        "role",
        "content",
        "parts",
        "tool_calls",
        "function",
        "name",
        "arguments",
        "choices",
        "message",
        "usage",
        "created",
        "model",
        "finish_reason",
        "error",
        "metadata",
        "scores",
        "custom_id",
        "status_code",
        "body",
        "resourceSpans",
        "scopeSpans",
        "spans",
        "resource",
        "scope",
        "attributes",
        "key",
        "value",
        "stringValue",
        "intValue",
        "arrayValue",
        "kvlistValue",
        "values",
        "traceId",
        "spanId",
        "events",
        "status",
        "code",
        "startTimeUnixNano",
        "type",
        "text",
        "tool_call_id",
        "conversation",
        "user",
        "timestamp",
    ]
)
TEXTS = st.sampled_from(
    [
        "", "user", "assistant", "tool", "hello", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "chat",
        "gen_ai.operation.name", "gen_ai.input.messages", "gen_ai.output.messages", "llm.input_messages.0.message.role",
        "gen_ai.completion", "openinference.span.kind", "LLM", '[{"role": "user"}]', '{"text": 5}', "[[[", "\x00", "\ud800", "97",
    ]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)
ATTRIBUTES = st.lists(
    st.fixed_dictionaries({"key": TEXTS, "value": st.fixed_dictionaries({"stringValue": TEXTS}) | VALUES}), max_size=4
)
SPANS = st.fixed_dictionaries(
    {
        "traceId": st.just("0af7651916cd43dd8448eb211c80319c"),
        "spanId": st.just("b7ad6b7169203331"),
        "attributes": ATTRIBUTES,
    },
    optional={"events": VALUES, "status": VALUES, "startTimeUnixNano": VALUES, "parentSpanId": VALUES},
)
EXPORTS = st.builds(lambda span: {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}, SPANS)
CALLS = st.fixed_dictionaries(
    {"request": st.fixed_dictionaries({"messages": VALUES})},
    optional={"response": st.fixed_dictionaries({"choices": st.lists(VALUES, max_size=2)}), "error": VALUES},
)
MESSAGES = st.fixed_dictionaries({"role": TEXTS, "content": VALUES}, optional={"tool_calls": VALUES, "name": VALUES})
CONVERSATIONS = st.fixed_dictionaries(
    {"messages": st.lists(MESSAGES, max_size=4)}, optional={"id": VALUES, "scores": VALUES}
)
RECORDS = st.dictionaries(KEYS, VALUES, max_size=8) | EXPORTS | CALLS | CONVERSATIONS


def outcomes(name, record):
    """What ingest makes of a record: traces, refusals, or one InputError for the whole record."""
    try:
        read = list(payload_formats.create(name).read(Row(number=1, value=cleaned(record))))
        return [redact_trace(bounded(one)).trace if isinstance(one, Trace) else one for one in read]
    except InputError as error:
        return [BadRow(number=1, reason=str(error))]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(record=RECORDS)
def test_any_record_becomes_traces_or_refusals_and_never_an_exception(name, record):
    payload_formats.create(name).recognises(record)
    for made in outcomes(name, record):
        assert isinstance(made, (Trace, BadRow, PassedOver))
        if isinstance(made, Trace):
            assert from_record(to_record(made)) == made


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(record=RECORDS)
def test_same_record_gives_the_same_result(name, record):
    assert outcomes(name, record) == outcomes(name, record)


@pytest.mark.parametrize("name", NAMES)
def test_format_is_a_frozen_dataclass_with_an_example(name):
    made = payload_formats.create(name)
    assert dataclasses.fields(made) is not None
    assert type(made).__dataclass_params__.frozen
    assert type(made).version >= 1
    assert ">>>" in type(made).__doc__


@pytest.mark.parametrize("name", NAMES)
def test_source_of_a_trace_is_the_format(name):
    examples = {
        "jsonl": {"prompt": "Hi", "output": "Hello"},
        "openai": {"request": {}, "error": "busy"},
        "otlp": {
            "resourceSpans": [{"scopeSpans": [{"spans": [{
                "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331",
                "attributes": [{"key": "gen_ai.completion", "value": {"stringValue": "x"}}],
            }]}]}]
        },
    }  # fmt: skip
    for made in outcomes(name, examples.get(name, {})):
        assert getattr(made, "source", name) == name
