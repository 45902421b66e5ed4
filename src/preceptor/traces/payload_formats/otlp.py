"""OpenTelemetry spans in JSON, in the GenAI and the OpenInference conventions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import BadRow, Row
from preceptor.models.types import Usage
from preceptor.traces.bounds import bounded_metadata
from preceptor.traces.fields import read_count
from preceptor.traces.moments import read_moment
from preceptor.traces.otlp.attributes import member
from preceptor.traces.otlp.dialect import Dialect, Spoken, first_text
from preceptor.traces.otlp.gen_ai import GEN_AI, GEN_AI_CONTENT_EVENTS, GEN_AI_EVENTS, GEN_AI_OLD
from preceptor.traces.otlp.open_inference import OPEN_INFERENCE, OPEN_INFERENCE_TEXTS, OPEN_INFERENCE_VALUES
from preceptor.traces.otlp.spans import Span, iter_spans
from preceptor.traces.types import PassedOver, Trace

# Fixed: of two dialects in one span the first that has both question and answer is taken whole.
PRECEDENCE: tuple[Dialect, ...] = (
    GEN_AI,
    OPEN_INFERENCE,
    GEN_AI_EVENTS,
    GEN_AI_OLD,
    GEN_AI_CONTENT_EVENTS,
    OPEN_INFERENCE_TEXTS,
    OPEN_INFERENCE_VALUES,
)
MODEL_CALLS = {"chat", "generate_content", "text_completion"}
TOKENS = (
    ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"),
    ("gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens"),
    ("llm.token_count.prompt", "llm.token_count.completion"),
)
# What the trace already carries in its own fields; the rest of the attributes becomes metadata.
CONTENT_PREFIXES = (
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.prompt",
    "gen_ai.completion",
    "llm.input_messages",
    "llm.output_messages",
    "llm.prompts.",
    "llm.choices.",
    "input",
    "output",
)


@dataclass(frozen=True, kw_only=True)
class Otlp:
    """Spans of an OTLP JSON export; a span that is a model call becomes a trace, the others are counted.

    Ids are hexadecimal digits or base64, whole numbers may be texts, keys may be camelCase or
    snake_case. A span may carry its conversation in several dialects: one is taken whole, by a
    fixed precedence, never a mixture, and metadata says which under `dialect`. The OTLP trace
    groups calls into a conversation unless the span names one.

    >>> spans = [{"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "attributes": [
    ...     {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
    ...     {"key": "gen_ai.prompt", "value": {"stringValue": "Hi"}},
    ...     {"key": "gen_ai.completion", "value": {"stringValue": "Hello"}}]}]
    >>> export = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
    >>> [trace.output for trace in Otlp().read(Row(number=1, value=export))]
    ['Hello']
    """

    version: ClassVar[int] = 1

    def recognises(self, record: JsonObject) -> bool:
        """True for an export of spans."""
        return isinstance(member(record, "resourceSpans"), list)

    def read(self, row: Row) -> Iterator[Trace | BadRow | PassedOver]:
        """A trace for each model call, and what was passed over or could not be read."""
        for span in iter_spans(row.value):
            if isinstance(span, InputError):
                yield BadRow(number=row.number, reason=str(span))
                continue
            try:
                yield _read_span(span, row.number)
            except InputError as error:
                yield BadRow(number=row.number, reason=f"span {span.span_id} of trace {span.trace_id}: {error}")


def _read_span(span: Span, number: int) -> Trace | PassedOver:
    kind = _other_kind(span)
    if kind is not None:
        return PassedOver(number=number, kind=kind)
    dialect, spoken = _spoken(span)
    if spoken is None:
        if not _says_model_call(span):
            return PassedOver(number=number, kind="other")
        if span.error is None:
            raise InputError("it is a model call without messages; switch on content capture in the instrumentation")
        spoken = Spoken(messages=(), answer=None)
    return _trace(span, spoken, dialect)


def _trace(span: Span, spoken: Spoken, dialect: str | None) -> Trace:
    attributes = span.attributes
    reasons = attributes.get("gen_ai.response.finish_reasons")
    named = [spoken.finish_reason, *(reasons if isinstance(reasons, list) else [reasons])]
    sessions = ("gen_ai.conversation.id", "session.id")
    models = ("gen_ai.response.model", "llm.response.model_name", "llm.model_name", "gen_ai.request.model")
    return Trace(
        id=f"trace_{span.trace_id}_{span.span_id}",
        source="otlp",
        messages=spoken.messages,
        output=spoken.answer.content if spoken.answer else "",
        output_tool_calls=spoken.answer.tool_calls if spoken.answer else (),
        occurred_at=read_moment(span.start, "startTimeUnixNano") if span.start not in (0, "0") else None,
        conversation=first_text(attributes.get(name) for name in sessions) or span.trace_id,
        model=first_text(attributes.get(name) for name in models),
        finish_reason=first_text(named),
        error=span.error,
        usage=_usage(attributes),
        metadata=_metadata(span, dialect),
    )


def _other_kind(span: Span) -> str | None:
    """What kind of span this is when it says that it is no model call; None when it may be one."""
    kind = span.attributes.get("openinference.span.kind")
    if isinstance(kind, str) and kind.upper() != "LLM":
        return kind.upper()[:40]
    operation = span.attributes.get("gen_ai.operation.name")
    if isinstance(operation, str) and operation not in MODEL_CALLS and kind is None:
        return operation[:40]
    return None


def _says_model_call(span: Span) -> bool:
    return any(name in span.attributes for name in ("openinference.span.kind", "gen_ai.operation.name"))


def _spoken(span: Span) -> tuple[str | None, Spoken | None]:
    """The dialect that is taken and what it says: the first whole one, or else the first that says anything."""
    partly: tuple[str | None, Spoken | None] = (None, None)
    for dialect in PRECEDENCE:
        spoken = dialect.read(span)
        if spoken is not None and spoken.is_whole:
            return dialect.name, spoken
        if spoken is not None and partly[1] is None:
            partly = (dialect.name, spoken)
    if partly[1] is not None and partly[1].answer is None and span.error is None:
        raise InputError("it holds no answer and no error; switch on content capture in the instrumentation")
    return partly


def _usage(attributes: JsonObject) -> Usage:
    for input_name, output_name in TOKENS:
        counts = read_count(attributes.get(input_name)), read_count(attributes.get(output_name))
        if counts != (None, None):
            return Usage(input_tokens=counts[0], output_tokens=counts[1])
    return Usage()


def _metadata(span: Span, dialect: str | None) -> JsonObject:
    rest = {name: value for name, value in span.attributes.items() if not _is_content(name)}
    named: dict[str, JsonValue] = {
        "dialect": dialect,
        "span_name": span.name,
        "otlp_trace_id": span.trace_id,
        "parent_span_id": span.parent_span_id,
        "resource": bounded_metadata(span.resource) or None,
        "scope": bounded_metadata(span.scope) or None,
        "attributes": bounded_metadata(rest) or None,
    }
    return {name: value for name, value in named.items() if value is not None}


def _is_content(name: str) -> bool:
    return any(name == prefix or name.startswith(f"{prefix.rstrip('.')}.") for prefix in CONTENT_PREFIXES)
