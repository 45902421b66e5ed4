"""Records as Parquet that trainers read as it lies, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.message_rows import message_rows, parse_messages
from preceptor.datasets.types import Record, RecordKind, SplitName
from preceptor.models.types import Message

ROWS_IN_GROUP = 10_000
ROWS_AT_ONCE = 1_000

_CALL = pa.struct(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("function", pa.struct([("name", pa.string()), ("arguments", pa.string())])),
    ]
)
_PLAIN_TURN = pa.struct([("role", pa.string()), ("content", pa.string())])
_TOOL_TURN = pa.struct(
    [
        *_PLAIN_TURN,
        pa.field("name", pa.string()),
        pa.field("tool_calls", pa.list_(_CALL)),
        pa.field("tool_call_id", pa.string()),
    ]
)
_PROVENANCE = [
    ("rationale", pa.string()),
    ("group", pa.string()),
    ("source_ids", pa.list_(pa.string())),
    ("source", pa.string()),
    ("licence", pa.string()),
    ("language", pa.string()),
    ("annotators", pa.list_(pa.string())),
    ("generator", pa.string()),
    ("metadata", pa.string()),
]


def parquet_bytes(records: Sequence[Record], kind: RecordKind, has_tools: bool) -> bytes:
    """One file of records of one kind and one split, in the order given; the same records give the same bytes.

    Columns: `messages` (sft) or `prompt`, `chosen`, `rejected` (preference) as lists of turns, as
    TRL wants them, then the provenance; `metadata` is JSON text. Turns have columns for tools only
    with `has_tools`. Another version of pyarrow may write other bytes.
    """
    table = pa.Table.from_pylist([_row(record) for record in records], schema=_schema(kind, has_tools))
    stream = pa.BufferOutputStream()
    pq.write_table(table, stream, compression="zstd", row_group_size=ROWS_IN_GROUP, store_schema=False)
    return cast("bytes", stream.getvalue().to_pybytes())


def iter_parquet(path: Path, kind: RecordKind, split: SplitName) -> Iterator[Record]:
    """The records of a file in its order, a thousand in memory at once.

    Raises InputError for a file that is not such Parquet.
    """
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    yield _record(row, kind, split)
    except (pa.ArrowException, KeyError, TypeError) as error:
        raise InputError(f"{str(path)!r} is not a file of {kind} records: {error}; restore the version") from error


def uses_tools(record: Record) -> bool:
    """True when a turn has a name, tool calls or a tool result."""
    return any(m.tool_calls or m.tool_call_id is not None or m.name is not None for m in record.messages)


def _schema(kind: RecordKind, has_tools: bool) -> pa.Schema:
    turns = pa.list_(_TOOL_TURN if has_tools else _PLAIN_TURN)
    answer = pa.list_(_PLAIN_TURN)
    content = [("messages", turns)] if kind == "sft" else [("prompt", turns), ("chosen", answer), ("rejected", answer)]
    return pa.schema([("id", pa.string()), *content, *_PROVENANCE])


def _row(record: Record) -> JsonObject:
    turns: JsonValue = message_rows(record.messages)
    content: JsonObject = {"messages": turns}
    if record.kind == "preference":
        content = {"prompt": turns, "chosen": _answer_turns(record.chosen), "rejected": _answer_turns(record.rejected)}
    return {
        "id": record.id,
        **content,
        "rationale": record.rationale,
        "group": record.group,
        "source_ids": list(record.source_ids),
        "source": record.source,
        "licence": record.licence,
        "language": record.language,
        "annotators": list(record.annotators),
        "generator": record.generator,
        "metadata": canonical_json(record.metadata).decode(),
    }


def _answer_turns(answer: str | None) -> JsonValue:
    return None if answer is None else message_rows([Message(role="assistant", content=answer)])


def _record(row: dict[str, JsonValue], kind: RecordKind, split: SplitName) -> Record:
    name = "messages" if kind == "sft" else "prompt"
    return Record(
        id=cast("str", row["id"]),
        kind=kind,
        messages=parse_messages(row[name], name),
        chosen=_answer(row.get("chosen")),
        rejected=_answer(row.get("rejected")),
        rationale=cast("str", row["rationale"]),
        group=cast("str | None", row["group"]),
        split=split,
        source_ids=tuple(cast("list[str]", row["source_ids"])),
        source=cast("str", row["source"]),
        licence=cast("str", row["licence"]),
        language=cast("str", row["language"]),
        annotators=tuple(cast("list[str]", row["annotators"])),
        generator=cast("str | None", row["generator"]),
        metadata=json.loads(cast("str", row["metadata"])),
    )


def _answer(value: JsonValue) -> str | None:
    return parse_messages(value, "answer")[0].content if value else None
