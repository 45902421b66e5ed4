"""The columns of a Parquet file of records: one schema for each kind, and records as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.datasets.record_faults import ANSWER_FIELDS, OWN_FIELDS
from preceptor.datasets.types import Record, RecordKind
from preceptor.models.types import ToolCall

TEXTS = pa.list_(pa.string())
CALL = pa.struct(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("function", pa.struct([("name", pa.string()), ("arguments", pa.string())])),
    ]
)
PLAIN_TURN = pa.struct([("role", pa.string()), ("content", pa.string())])
TOOL_TURN = pa.struct(
    [
        *PLAIN_TURN,
        pa.field("name", pa.string()),
        pa.field("tool_calls", pa.list_(CALL)),
        pa.field("tool_call_id", pa.string()),
    ]
)
SPAN = pa.struct([("message", pa.int64()), ("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())])
MEDIA = pa.struct(
    [
        ("message", pa.int64()),
        ("at", pa.int64()),
        ("kind", pa.string()),
        ("sha256", pa.string()),
        ("media_type", pa.string()),
    ]
)
ANSWER = pa.list_(PLAIN_TURN)
# The columns after the prompt, by kind, under the names that trainers look for.
ANSWERS: dict[RecordKind, tuple[tuple[str, pa.DataType], ...]] = {
    "sft": (),
    "preference": (("chosen", ANSWER), ("rejected", ANSWER), ("margin", pa.float64())),
    "ranking": (("responses", TEXTS), ("ranks", pa.list_(pa.int64()))),
    "binary": (("completion", ANSWER), ("label", pa.bool_())),
    "scored": (("completion", ANSWER), ("score", pa.float64())),
    "steps": (("completions", TEXTS), ("labels", pa.list_(pa.bool_()))),
    "spans": (("spans", pa.list_(SPAN)),),
}
PROVENANCE: tuple[tuple[str, pa.DataType], ...] = (
    ("media", pa.list_(MEDIA)),
    ("rationale", pa.string()),
    ("group", pa.string()),
    ("source_ids", TEXTS),
    ("source", pa.string()),
    ("licence", pa.string()),
    ("consent", pa.string()),
    ("language", pa.string()),
    ("annotators", TEXTS),
    ("created_at", pa.string()),
    ("generator", pa.string()),
    ("generator_prompt", pa.string()),
    ("metadata", pa.string()),
)


class Layout(NamedTuple):
    """Which columns a file has: those of its kind, and those that only some datasets need."""

    kind: RecordKind
    has_tools: bool = True
    has_margin: bool = True


def prompt_column(kind: RecordKind) -> str:
    """The column that holds the messages: they are the whole conversation, or the prompt of the answers beside it."""
    return "messages" if kind in {"sft", "spans"} else "prompt"


def file_schema(layout: Layout) -> pa.Schema:
    """The columns of a file, in order."""
    turns = pa.list_(TOOL_TURN if layout.has_tools else PLAIN_TURN)
    answers = [column for column in ANSWERS[layout.kind] if layout.has_margin or column[0] != "margin"]
    tools = [("tools", pa.string())] if layout.has_tools else []
    return pa.schema([("id", pa.string()), (prompt_column(layout.kind), turns), *answers, *tools, *PROVENANCE])


def record_columns(records: Sequence[Record], layout: Layout) -> pa.RecordBatch:
    """The records, in the order given, as the columns of a file.

    Raises InputError for a record of another kind, or one with a field that the file has no column for.
    """
    _require_place(records, layout)
    schema = file_schema(layout)
    return pa.record_batch([_COLUMNS.get(one.name, _plain)(records, one) for one in schema], schema=schema)


def uses_tools(record: Record) -> bool:
    """True when a turn has a name, tool calls or a tool result, or the record names tools."""
    if record.tools:
        return True
    return any(m.tool_calls or m.tool_call_id is not None or m.name is not None for m in record.messages)


def _require_place(records: Sequence[Record], layout: Layout) -> None:
    foreign = [name for name in ANSWER_FIELDS if name not in OWN_FIELDS[layout.kind]]
    if not layout.has_margin and layout.kind == "preference":
        foreign.append("margin")
    said = attrgetter(*foreign)
    nothing = said(Record(id="", kind=layout.kind, messages=()))
    for record in records:
        if record.kind != layout.kind:
            raise InputError(
                f"record {record.id!r} is {record.kind!r}; it stands in no file of {layout.kind!r} records"
            )
        if said(record) != nothing:
            names = [name for name, value in zip(foreign, said(record), strict=True) if value not in (None, ())]
            raise InputError(
                f"record {record.id!r} has {names!r}, which files of {layout.kind!r} records have no column for"
            )
        if not layout.has_tools and uses_tools(record):
            raise InputError(f"record {record.id!r} uses tools, and the file has no columns for them; set has_tools")


def _plain(records: Sequence[Record], column: pa.Field) -> pa.Array:
    value = attrgetter(column.name)
    return pa.array([value(record) for record in records], column.type)


def _prompts(records: Sequence[Record], column: pa.Field) -> pa.Array:
    flat = [message for record in records for message in record.messages]
    turn = column.type.value_type
    parts = [pa.array([message.role for message in flat], pa.string())]
    parts.append(pa.array([message.content for message in flat], pa.string()))
    if turn.num_fields > len(parts):
        parts.append(pa.array([message.name for message in flat], pa.string()))
        parts.append(_calls([message.tool_calls for message in flat], turn.field("tool_calls").type))
        parts.append(pa.array([message.tool_call_id for message in flat], pa.string()))
    turns = pa.StructArray.from_arrays(parts, fields=list(turn))
    return _lists([record.messages for record in records], turns, column.type)


def _calls(calls: Sequence[tuple[ToolCall, ...]], of: pa.DataType) -> pa.Array:
    flat = [call for some in calls for call in some]
    function = pa.StructArray.from_arrays(
        [pa.array([call.name for call in flat], pa.string()), pa.array([call.arguments for call in flat], pa.string())],
        fields=list(CALL.field("function").type),
    )
    ids = pa.array([call.id for call in flat], pa.string())
    types = pa.array(["function"] * len(flat), pa.string())
    return _lists(calls, pa.StructArray.from_arrays([ids, types, function], fields=list(CALL)), of, empty_is_null=True)


def _answers(texts: Sequence[str | None], of: pa.DataType) -> pa.Array:
    """Each answer as a list of one turn of the assistant; null where there is none."""
    said = [text for text in texts if text is not None]
    roles = pa.array(["assistant"] * len(said), pa.string())
    turns = pa.StructArray.from_arrays([roles, pa.array(said, pa.string())], fields=list(PLAIN_TURN))
    return _lists([() if text is None else (text,) for text in texts], turns, of, empty_is_null=True)


def _lists(
    values: Sequence[tuple[object, ...]], flat: pa.Array, of: pa.DataType, *, empty_is_null: bool = False
) -> pa.Array:
    lengths = np.fromiter(map(len, values), np.int32, len(values))
    offsets = np.zeros(len(values) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    mask = pa.array(lengths == 0) if empty_is_null else None
    return pa.ListArray.from_arrays(pa.array(offsets), flat, type=of, mask=mask)


def _structs(values: Iterable[tuple[object, ...]], column: pa.Field) -> pa.Array:
    lists = list(values)
    flat = [one for some in lists for one in some]
    struct = column.type.value_type
    parts = [pa.array([getattr(one, field.name) for one in flat], field.type) for field in struct]
    return _lists(lists, pa.StructArray.from_arrays(parts, fields=list(struct)), column.type)


def _objects(values: Iterable[object], column: pa.Field) -> pa.Array:
    return pa.array([canonical_json(value).decode() if value else "{}" for value in values], column.type)


# How a column is made where it is not simply the field of its name.
_COLUMNS: dict[str, Callable[[Sequence[Record], pa.Field], pa.Array]] = {
    "messages": _prompts,
    "prompt": _prompts,
    "chosen": lambda records, column: _answers([record.chosen for record in records], column.type),
    "rejected": lambda records, column: _answers([record.rejected for record in records], column.type),
    "completion": lambda records, column: _answers([record.completion for record in records], column.type),
    "label": lambda records, column: pa.array([record.is_good for record in records], column.type),
    "responses": lambda records, column: pa.array([[a.text for a in record.ranked] for record in records], column.type),
    "ranks": lambda records, column: pa.array([[a.rank for a in record.ranked] for record in records], column.type),
    "completions": lambda records, column: pa.array(
        [[s.text for s in record.steps] for record in records], column.type
    ),
    "labels": lambda records, column: pa.array([[s.is_good for s in record.steps] for record in records], column.type),
    "spans": lambda records, column: _structs((record.spans for record in records), column),
    "media": lambda records, column: _structs((record.media for record in records), column),
    "tools": lambda records, column: pa.array(
        [canonical_json(record.tools).decode() if record.tools else None for record in records], column.type
    ),
    "metadata": lambda records, column: _objects((record.metadata for record in records), column),
}
