"""Walk through an OTLP export to its spans, each with its resource and scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, as_object
from preceptor.traces.otlp.attributes import member, members, read_attributes, read_id

TRACE_ID_BYTES, SPAN_ID_BYTES = 16, 8
ERROR_STATUS = (2, "2", "STATUS_CODE_ERROR")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened during a span."""

    name: str
    attributes: JsonObject


@dataclass(frozen=True, kw_only=True)
class Span:
    """One span: its attributes and events as plain JSON. `error` is None unless its status is an error."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    name: str
    start: JsonValue
    attributes: JsonObject
    events: tuple[Event, ...] = ()
    error: str | None = None
    resource: JsonObject = field(default_factory=dict)
    scope: JsonObject = field(default_factory=dict)


def iter_spans(export: JsonObject) -> Iterator[Span | InputError]:
    """The spans in order; for each that cannot be read the error instead, and the others still follow.

    Raises InputError when there are no `resourceSpans`, with a hint for logs and metrics.
    """
    if member(export, "resourceSpans") is None:
        other = next((name for name in ("resourceLogs", "resourceMetrics") if member(export, name) is not None), None)
        what = f"these are {other}, not spans" if other else "no resourceSpans"
        raise InputError(f"{what}; export the traces signal as OTLP JSON")
    for index, group in enumerate(members(export, "resourceSpans", "export")):
        where = f"resourceSpans[{index}]"
        resource = read_attributes(_object(group, "resource", where), f"{where}.resource")
        scopes = "scopeSpans" if member(group, "scopeSpans") is not None else "instrumentationLibrarySpans"
        for place, scope_spans in enumerate(members(group, scopes, where)):
            yield from _scope_spans(scope_spans, resource, f"{where}.{scopes}[{place}]")


def _scope_spans(scope_spans: JsonObject, resource: JsonObject, where: str) -> Iterator[Span | InputError]:
    written = _object(scope_spans, "scope", where)
    named = {name: member(written, name) for name in ("name", "version") if member(written, name) is not None}
    scope = {**named, **read_attributes(written, f"{where}.scope")}
    spans = member(scope_spans, "spans")
    if not isinstance(spans, list):
        raise InputError(f"{where}.spans must be a list")
    for index, span in enumerate(spans):
        try:
            yield _span(as_object(span, f"{where}.spans[{index}]"), resource, scope, f"{where}.spans[{index}]")
        except InputError as error:
            yield error


def _span(fields: JsonObject, resource: JsonObject, scope: JsonObject, where: str) -> Span:
    parent = member(fields, "parentSpanId")
    name = fields.get("name")
    events = tuple(
        Event(name=str(event.get("name")), attributes=read_attributes(event, f"{where}.events[{index}]"))
        for index, event in enumerate(members(fields, "events", where))
    )
    return Span(
        trace_id=read_id(member(fields, "traceId"), TRACE_ID_BYTES, f"{where}.traceId"),
        span_id=read_id(member(fields, "spanId"), SPAN_ID_BYTES, f"{where}.spanId"),
        parent_span_id=None if parent in (None, "") else read_id(parent, SPAN_ID_BYTES, f"{where}.parentSpanId"),
        name=name if isinstance(name, str) else "",
        start=member(fields, "startTimeUnixNano"),
        attributes=read_attributes(fields, where),
        events=events,
        error=_error(_object(fields, "status", where), events),
        resource=resource,
        scope=scope,
    )


def _error(status: JsonObject, events: tuple[Event, ...]) -> str | None:
    if status.get("code") not in ERROR_STATUS:
        return None
    said = [event.attributes.get("exception.message") for event in events if event.name == "exception"]
    return next((text for text in (status.get("message"), *said) if isinstance(text, str) and text), "error")


def _object(fields: JsonObject, name: str, where: str) -> JsonObject:
    value = member(fields, name)
    return {} if value is None else as_object(value, f"{where}.{name}")
