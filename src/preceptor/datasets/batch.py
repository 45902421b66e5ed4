"""Some records of a dataset under build: Arrow columns for the compiled loops, records for everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple, cast

import msgspec
import pyarrow as pa

from preceptor.core.json_values import JsonObject
from preceptor.datasets.record_texts import texts_of
from preceptor.datasets.types import Record
from preceptor.datasets.whole_record import whole_record
from preceptor.models.types import Message

BATCH_RECORDS = 4_096
# Between two texts of a record: no word stands in it, and no text that is stored holds a NUL.
TEXT_SEPARATOR = "\n\x00\n"
BATCH_SCHEMA = pa.schema(
    [
        ("ordinal", pa.int64()),
        ("id", pa.string()),
        ("record", pa.large_binary()),
        ("text", pa.large_string()),
        ("shape", pa.string()),
    ]
)
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Record)


class BatchRow(NamedTuple):
    """What a batch holds of one record, without its place."""

    id: str
    record: bytes
    text: str
    shape: str


@dataclass(frozen=True, eq=False)
class Batch:
    """Up to some thousand records as one Arrow table.

    Columns: `ordinal`, the record's place in the order of the sources, from 0; `id`; `record`, all
    of it as JSON with sorted keys; `text`, everything that a model would read or learn of it, in order, joined by
    TEXT_SEPARATOR; `shape`, its kind and the roles of its turns, which tell records with equal
    texts apart.
    """

    table: pa.RecordBatch

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """The records, in the order of the rows."""
        return tuple(_DECODER.decode(value.as_buffer()) for value in self.table.column("record"))

    @cached_property
    def ordinals(self) -> list[int]:
        """The place of each record among all."""
        return cast("list[int]", self.table.column("ordinal").to_pylist())

    @property
    def ids(self) -> list[str]:
        """The id of each record."""
        return cast("list[str]", self.table.column("id").to_pylist())

    @property
    def texts(self) -> pa.LargeStringArray:
        """The text of each record, for the kernels."""
        return self.table.column("text")

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def placed(self) -> Iterator[tuple[int, Record]]:
        """Each record with its ordinal."""
        return zip(self.ordinals, self.records, strict=True)


def make_batch(records: Sequence[Record], ordinals: Sequence[int]) -> Batch:
    """The records as a batch, in the order given.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> batch = make_batch([make_record("sft", (Message(role="assistant", content="hi"),))], [0])
    >>> batch.texts.to_pylist(), batch.records[0].messages[0].content
    (['hi'], 'hi')
    """
    batch = batch_of_rows([batch_row(record) for record in records], ordinals)
    batch.__dict__["records"] = tuple(records)  # What is at hand need not be read back.
    return batch


def batch_row(record: Record) -> BatchRow:
    """What a batch holds of the record."""
    return BatchRow(record.id, record_bytes(record), joined_text(record), shape_of(record))


def record_bytes(record: Record) -> bytes:
    """The whole record as JSON with sorted keys: equal records give equal bytes."""
    return _ENCODER.encode(whole_record(record))


def batch_of_rows(rows: Sequence[BatchRow], ordinals: Sequence[int]) -> Batch:
    """The rows as a batch, in the order given; records are decoded when somebody asks for them."""
    ids, records, texts, shapes = zip(*rows, strict=True) if rows else ((), (), (), ())
    columns = [
        pa.array(ordinals, pa.int64()),
        pa.array(ids, pa.string()),
        pa.array(records, pa.large_binary()),
        pa.array(texts, pa.large_string()),
        pa.array(shapes, pa.string()),
    ]
    return Batch(pa.record_batch(columns, schema=BATCH_SCHEMA))


def sorted_json(value: JsonObject) -> bytes:
    """An object as it stands within the `record` column."""
    return _ENCODER.encode(value)


def iter_batches(records: Iterable[Record], size: int = BATCH_RECORDS, first: int = 0) -> Iterator[Batch]:
    """The records as batches with ordinals from `first`, `size` in memory at once."""
    stream, start = iter(records), first
    while some := list(islice(stream, size)):
        yield make_batch(some, range(start, start + len(some)))
        start += len(some)


def joined_text(record: Record) -> str:
    """Every text of the record, in order, joined by TEXT_SEPARATOR."""
    return TEXT_SEPARATOR.join(texts_of(record))


def shape_of(record: Record) -> str:
    """Kind, roles and whatever else tells two records of equal texts apart, as one text."""
    turns = ",".join([_turn_shape(message) for message in record.messages])
    if record.kind == "sft" and not record.media:
        return f"sft|{turns}" if turns else "sft"
    media = ",".join(f"{one.message}:{one.at}:{one.sha256}" for one in record.media)
    parts = [record.kind, turns, media]
    if record.kind != "sft":
        parts += [repr(record.is_good), repr(record.score)]
        parts += [",".join(str(one.rank) for one in record.ranked), ",".join(repr(one.is_good) for one in record.steps)]
        parts += [",".join(f"{one.message}:{one.start}:{one.end}:{one.label}" for one in record.spans)]
    return "|".join(parts).rstrip("|")


def _turn_shape(message: Message) -> str:
    turn = message.role if message.content else f"{message.role}-"
    if not message.tool_calls:
        return turn
    return "+".join([turn, *(call.name for call in message.tool_calls)])
