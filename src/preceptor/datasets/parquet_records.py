"""The columns of a Parquet file as records again."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import msgspec
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, parse_json
from preceptor.datasets.parquet_columns import Layout, file_schema, prompt_column
from preceptor.datasets.types import Record, RecordKind, SplitName

# Columns that files written before they came lack, and those that a file has only where it needs them.
MAY_LACK = {"media", "consent", "created_at", "generator_prompt", "margin", "tools"}
# Where a field of a record stands under another name.
FIELDS = {"prompt": "messages", "label": "is_good"}


def read_layout(schema: pa.Schema, kind: RecordKind) -> Layout:
    """Which columns a file has. Raises InputError for one that is no file of such records."""
    prompt = prompt_column(kind)
    if prompt not in schema.names:
        raise InputError(f"it has no column {prompt!r}")
    has_tools = schema.field(prompt).type.equals(file_schema(Layout(kind)).field(prompt).type)
    for column in file_schema(Layout(kind, has_tools)):
        if column.name not in schema.names:
            if column.name not in MAY_LACK:
                raise InputError(f"it has no column {column.name!r}")
        elif not schema.field(column.name).type.equals(column.type):
            raise InputError(f"its column {column.name!r} is {schema.field(column.name).type}, not {column.type}")
    return Layout(kind, has_tools, "margin" in schema.names)


def read_columns(rows: pa.RecordBatch, layout: Layout, split: SplitName) -> list[Record]:
    """The records of some rows, in their order. Raises InputError for a value that none can have."""
    names = [name for name in file_schema(layout).names if name in rows.schema.names]
    columns = {FIELDS.get(name, name): _COLUMNS.get(name, _plain)(rows.column(name)) for name in names}
    if layout.kind == "ranking":
        columns["ranked"] = _pairs(columns.pop("responses"), columns.pop("ranks"), ("text", "rank"))
    if layout.kind == "steps":
        columns["steps"] = _pairs(columns.pop("completions"), columns.pop("labels"), ("text", "is_good"))
    columns |= {"kind": [layout.kind] * rows.num_rows, "split": [split] * rows.num_rows}
    written = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    try:
        return msgspec.convert(written, list[Record])
    except msgspec.ValidationError as error:
        raise InputError(str(error)) from error


def _plain(column: pa.Array) -> list[JsonValue]:
    return cast("list[JsonValue]", column.to_pylist())


def _turns(column: pa.Array) -> list[JsonValue]:
    flat = column.flatten()
    roles, contents = flat.field("role").to_pylist(), flat.field("content").to_pylist()
    turns: list[JsonObject] = [
        {"role": role, "content": content} for role, content in zip(roles, contents, strict=True)
    ]
    if flat.type.num_fields > 2:  # noqa: PLR2004 - role and content are all that plain turns have
        names, ids = flat.field("name").to_pylist(), flat.field("tool_call_id").to_pylist()
        calls = _calls(flat.field("tool_calls"))
        for turn, name, some, number in zip(turns, names, calls, ids, strict=True):
            turn |= {"name": name, "tool_calls": some, "tool_call_id": number}
    return _in_lists(turns, column)


def _calls(column: pa.Array) -> list[JsonValue]:
    flat = column.flatten()
    function = flat.field("function")
    parts = (flat.field("id"), function.field("name"), function.field("arguments"))
    calls: list[JsonObject] = [
        {"id": number, "name": name, "arguments": arguments}
        for number, name, arguments in zip(*(part.to_pylist() for part in parts), strict=True)
    ]
    return _in_lists(calls, column)


def _answer(column: pa.Array) -> list[JsonValue]:
    """The text of the one turn; None where the list is null or empty."""
    contents = _in_lists(column.flatten().field("content").to_pylist(), column)
    return [some[0] if isinstance(some, list) and some else None for some in contents]


def _in_lists(flat: list[JsonObject], column: pa.Array) -> list[JsonValue]:
    """The elements of a list column in one list a row; an empty one for null."""
    lists: list[JsonValue] = []
    start = 0
    for length in column.value_lengths().to_pylist():
        lists.append(cast("JsonValue", flat[start : start + (length or 0)]))
        start += length or 0
    return lists


def _pairs(firsts: list[JsonValue], seconds: list[JsonValue], names: tuple[str, str]) -> list[JsonValue]:
    try:
        return [
            [dict(zip(names, pair, strict=True)) for pair in zip(some, others, strict=True)]  # type: ignore[arg-type]  # lists, by the schema
            for some, others in zip(firsts, seconds, strict=True)
        ]
    except (TypeError, ValueError) as error:
        raise InputError(f"its lists of {names[0]} and {names[1]} are not of one length") from error


def _object(column: pa.Array) -> list[JsonValue]:
    return [{} if text == "{}" else parse_json(text) for text in column.to_pylist()]


def _tools(column: pa.Array) -> list[JsonValue]:
    return [[] if text is None else parse_json(text) for text in column.to_pylist()]


_COLUMNS: dict[str, Callable[[pa.Array], list[JsonValue]]] = {
    "messages": _turns,
    "prompt": _turns,
    "chosen": _answer,
    "rejected": _answer,
    "completion": _answer,
    "tools": _tools,
    "metadata": _object,
}
