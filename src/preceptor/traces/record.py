"""A trace as a JSON record, and back."""

from __future__ import annotations

from typing import cast

import msgspec

from preceptor.core.clock import from_text
from preceptor.core.errors import ConflictError
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.models.types import Message, ToolCall, Usage
from preceptor.traces.types import Trace

RECORD_VERSION = 1


def to_record(trace: Trace) -> JsonObject:
    """All of a trace as JSON, with the version of this form."""
    return {"version": RECORD_VERSION, **plain_object(trace)}


def from_record(record: JsonObject) -> Trace:
    """The trace that was written; ConflictError for a record that this program did not write.

    >>> trace = Trace(id="trace_1", source="jsonl", messages=(), output="Hi")
    >>> from_record(to_record(trace)) == trace
    True
    """
    try:
        moment = record["occurred_at"]
        return Trace(
            id=str(record["id"]),
            source=str(record["source"]),
            messages=msgspec.convert(record["messages"], tuple[Message, ...]),
            output=str(record["output"]),
            output_tool_calls=msgspec.convert(record["output_tool_calls"], tuple[ToolCall, ...]),
            later_messages=msgspec.convert(record["later_messages"], tuple[Message, ...]),
            occurred_at=None if moment is None else from_text(str(moment)),
            conversation=_text(record["conversation"]),
            model=_text(record["model"]),
            finish_reason=_text(record["finish_reason"]),
            error=_text(record["error"]),
            usage=msgspec.convert(record["usage"], Usage),
            recorded_scores=msgspec.convert(record["recorded_scores"], dict[str, float]),
            metadata=cast("JsonObject", record["metadata"]),
        )
    except (KeyError, ValueError, msgspec.ValidationError) as error:
        raise ConflictError(f"the stored trace {record.get('id')!r} was changed from outside: {error}") from error


def _text(value: object) -> str | None:
    return None if value is None else str(value)
