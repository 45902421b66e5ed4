"""Spans become traces, whatever their dialect and spelling; two dialects are never mixed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.core.errors import InputError
from preceptor.core.rows import BadRow, Row
from preceptor.models.types import Message, ToolCall, Usage
from preceptor.traces.payload_formats.otlp import Otlp
from preceptor.traces.types import PassedOver

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN_ID = "b7ad6b7169203331"
CHAT = {"gen_ai.operation.name": "chat"}
SAID = [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]
ANSWERED = [{"role": "assistant", "parts": [{"type": "text", "content": "Hello"}], "finish_reason": "stop"}]
GEN_AI = {**CHAT, "gen_ai.input.messages": json.dumps(SAID), "gen_ai.output.messages": json.dumps(ANSWERED)}
OPEN_INFERENCE = {
    "openinference.span.kind": "LLM",
    "llm.input_messages.0.message.role": "user",
    "llm.input_messages.0.message.content": "other question",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.content": "other answer",
}


def typed(value):
    """A plain value as OTLP writes it."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [typed(item) for item in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": attributes(value)}}
    return {"stringValue": value}


def attributes(values):
    return [{"key": key, "value": typed(value)} for key, value in values.items()]


def span(values, **fields):
    return {"traceId": TRACE_ID, "spanId": SPAN_ID, "name": "chat", "attributes": attributes(values), **fields}


def export(*spans, resource=None):
    scope = {"name": "my.instrumentation", "version": "1.2"}
    scope_spans = [{"scope": scope, "spans": list(spans)}]
    return {"resourceSpans": [{"resource": {"attributes": attributes(resource or {})}, "scopeSpans": scope_spans}]}


def read(record):
    return list(Otlp().read(Row(number=1, value=record)))


def read_one(values, **fields):
    (made,) = read(export(span(values, **fields)))
    return made


def fixture(shared_data: Path, name: str):
    path = shared_data / "openinference_fixtures" / "genai_pairs" / f"{name}.json"
    return read_one(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name",
    [
        "otel_genai_client_span_tool_calls",
        "otel_genai_deprecated_client_span_tool_calls",
        "openinference_client_span_tool_calls",
        "openinference_client_span_input_output_only",
    ],
)
def test_same_call_in_every_convention_gives_the_same_conversation(shared_data, name):
    """The recorded pairs of the OpenInference project; the expected messages are read off the files by hand."""
    trace = fixture(shared_data, name)
    assert trace.messages == (
        Message(role="user", content="Weather in Paris?"),
        Message(
            role="assistant",
            content="Absolutely! Let me check the weather for you.",
            tool_calls=(ToolCall(id="1234", name="get_weather", arguments='{"location":"Paris"}'),),
        ),
        Message(role="tool", content="rainy, 57°F", tool_call_id="1234"),
    )
    assert trace.output == "The weather in Paris is currently rainy with a temperature of 57°F."
    assert (trace.model, trace.usage) == ("gpt-4-0613", Usage(input_tokens=97, output_tokens=52))


@pytest.mark.shared_data
def test_tool_execution_is_passed_over(shared_data):
    assert fixture(shared_data, "otel_genai_tool_execution_span") == PassedOver(number=1, kind="execute_tool")


def test_two_dialects_in_one_span_are_never_mixed():
    trace = read_one({**OPEN_INFERENCE, **GEN_AI})
    assert (trace.request, trace.output, trace.metadata["dialect"]) == ("Hi", "Hello", "gen_ai")


def test_whole_dialect_is_taken_before_half_of_a_preferred_one():
    half = {"gen_ai.input.messages": json.dumps(SAID)}
    trace = read_one({**OPEN_INFERENCE, **half})
    assert (trace.request, trace.output, trace.metadata["dialect"]) == (
        "other question",
        "other answer",
        "openinference",
    )


def test_messages_may_be_structured_or_a_json_text():
    structured = {**CHAT, "gen_ai.input.messages": SAID, "gen_ai.output.messages": ANSWERED}
    first, second = read_one(structured), read_one(GEN_AI)
    assert (first.messages, first.output, first.finish_reason) == (second.messages, second.output, "stop")


def test_system_instructions_come_first():
    trace = read_one({**GEN_AI, "gen_ai.system_instructions": [{"type": "text", "content": "Be kind"}]})
    assert [message.role for message in trace.messages] == ["system", "user"]
    assert trace.messages[0].content == "Be kind"


def test_old_numbered_attributes_are_read():
    values = {
        "gen_ai.system": "openai",
        "gen_ai.prompt.0.role": "system",
        "gen_ai.prompt.0.content": "Be kind",
        "gen_ai.prompt.1.role": "user",
        "gen_ai.prompt.1.content": "Hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "",
        "gen_ai.completion.0.finish_reason": "tool_calls",
        "gen_ai.completion.0.tool_calls.0.id": "1",
        "gen_ai.completion.0.tool_calls.0.name": "find",
        "gen_ai.completion.0.tool_calls.0.arguments": "{}",
        "gen_ai.usage.prompt_tokens": 5,
    }
    trace = read_one(values)
    assert ([message.content for message in trace.messages], trace.finish_reason) == (["Be kind", "Hi"], "tool_calls")
    assert trace.output_tool_calls == (ToolCall(id="1", name="find", arguments="{}"),)
    assert trace.usage == Usage(input_tokens=5)


def test_messages_in_events_are_read():
    events = [
        {"name": "gen_ai.user.message", "attributes": attributes({"content": "Hi"})},
        {"name": "gen_ai.tool.message", "attributes": attributes({"id": "1", "content": "ok"})},
        {
            "name": "gen_ai.choice",
            "attributes": attributes({"message": '{"content": "Hello"}', "finish_reason": "stop"}),
        },
    ]
    trace = read_one(CHAT, events=events)
    assert [(message.role, message.content, message.tool_call_id) for message in trace.messages] == [
        ("user", "Hi", None),
        ("tool", "ok", "1"),
    ]
    assert (trace.output, trace.finish_reason, trace.metadata["dialect"]) == ("Hello", "stop", "gen_ai.events")


def test_prompt_and_completion_in_events_are_read():
    events = [
        {"name": "gen_ai.content.prompt", "attributes": attributes({"gen_ai.prompt": json.dumps(SAID)})},
        {"name": "gen_ai.content.completion", "attributes": attributes({"gen_ai.completion": "Hello"})},
    ]
    trace = read_one(CHAT, events=events)
    assert (trace.request, trace.output, trace.metadata["dialect"]) == ("Hi", "Hello", "gen_ai.content_events")


def test_messages_in_the_details_event_are_read():
    """Since version 1.37 the content may stand in one event instead of the span's attributes."""
    details = {"gen_ai.input.messages": SAID, "gen_ai.output.messages": ANSWERED}
    events = [{"name": "gen_ai.client.inference.operation.details", "attributes": attributes(details)}]
    assert read_one(CHAT, events=events).output == "Hello"


def test_prompts_and_choices_of_completion_models_are_read():
    values = {
        "openinference.span.kind": "LLM",
        "llm.prompts.0.prompt.text": "Once",
        "llm.choices.0.completion.text": "upon a time",
    }
    trace = read_one(values)
    assert (trace.request, trace.output, trace.metadata["dialect"]) == ("Once", "upon a time", "openinference.texts")


def test_prompt_that_holds_the_answer_too_is_divided():
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    trace = read_one({**CHAT, "gen_ai.prompt": json.dumps(said)})
    assert (trace.request, trace.output) == ("Hi", "Hello")


def test_system_instructions_may_be_whole_messages():
    said = [{"role": "system", "content": "Be kind"}]
    assert read_one({**GEN_AI, "gen_ai.system_instructions": json.dumps(said)}).messages[0].content == "Be kind"


def test_both_spellings_of_keys_and_both_of_ids_are_the_same():
    snake = {
        "resource_spans": [
            {"scope_spans": [{"spans": [{
                "trace_id": "CvdlGRbNQ92ESOshHIAxnA==", "span_id": "t61rcWkgMzE=", "start_time_unix_nano": 1795521600000000000,
                "attributes": [{"key": key, "value": {"string_value": value}} for key, value in GEN_AI.items()],
            }]}]}
        ]
    }  # fmt: skip
    camel = read_one(GEN_AI, startTimeUnixNano="1795521600000000000")
    (made,) = read(snake)
    assert Otlp().recognises(snake)
    assert (made.id, made.messages, made.occurred_at) == (camel.id, camel.messages, camel.occurred_at)
    assert made.id == f"trace_{TRACE_ID}_{SPAN_ID}"
    assert made.occurred_at.isoformat() == "2026-11-24T12:00:00+00:00"


def test_conversation_is_the_session_or_else_the_otlp_trace():
    assert read_one({**GEN_AI, "session.id": "s1"}).conversation == "s1"
    assert read_one(GEN_AI).conversation == TRACE_ID


def test_resource_scope_and_other_attributes_are_kept():
    (trace,) = read(export(span({**GEN_AI, "app.feature": "billing"}), resource={"service.name": "desk"}))
    assert trace.metadata["resource"] == {"service.name": "desk"}
    assert trace.metadata["scope"] == {"name": "my.instrumentation", "version": "1.2"}
    assert trace.metadata["attributes"] == {"gen_ai.operation.name": "chat", "app.feature": "billing"}


def test_failed_call_without_messages_is_a_trace_with_its_error():
    events = [{"name": "exception", "attributes": attributes({"exception.message": "timed out"})}]
    trace = read_one(CHAT, status={"code": 2}, events=events)
    assert (trace.output, trace.error) == ("", "timed out")
    assert read_one(CHAT, status={"code": "STATUS_CODE_ERROR", "message": "busy"}).error == "busy"


@pytest.mark.parametrize("kind", ["CHAIN", "TOOL", "retriever"])
def test_spans_of_other_kinds_are_passed_over(kind):
    assert read_one({"openinference.span.kind": kind, "input.value": "x"}) == PassedOver(number=1, kind=kind.upper())


def test_span_that_says_nothing_of_models_is_passed_over():
    assert read_one({"http.method": "GET"}) == PassedOver(number=1, kind="other")


@pytest.mark.parametrize("values", [CHAT, {**CHAT, "gen_ai.input.messages": json.dumps(SAID)}])
def test_model_call_without_content_says_what_to_do(values):
    made = read_one(values)
    assert isinstance(made, BadRow)
    assert "switch on content capture" in made.reason


@pytest.mark.parametrize(
    "broken",
    [
        5,
        {},
        {"traceId": "xyz", "spanId": SPAN_ID},
        {"traceId": "0" * 32, "spanId": SPAN_ID},
        {"traceId": TRACE_ID, "spanId": 7},
        {"traceId": TRACE_ID, "spanId": SPAN_ID, "attributes": 5},
        {"traceId": TRACE_ID, "spanId": SPAN_ID, "attributes": [{"key": 5}]},
        {"traceId": TRACE_ID, "spanId": SPAN_ID, "events": {}},
        span({**CHAT, "gen_ai.input.messages": '[{"role": "wizard", "parts": []}]'}),
    ],
)
def test_bad_span_is_reported_and_the_next_is_kept(broken):
    bad, good = read(export(broken, span(GEN_AI)))
    assert isinstance(bad, BadRow)
    assert good.output == "Hello"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"resourceLogs": []}, "these are resourceLogs, not spans"),
        ({"resourceSpans": 5}, "must be a list"),
        ({"resourceSpans": [{"scopeSpans": [{"spans": 5}]}]}, "spans must be a list"),
        ({}, "no resourceSpans"),
    ],
)
def test_what_is_no_export_of_spans_says_so(record, said):
    with pytest.raises(InputError, match=said):
        read(record)
