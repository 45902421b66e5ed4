"""Some records of a dataset under build: Arrow columns for the compiled loops, records for everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import cast

import msgspec
import pyarrow as pa

from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.types import Record

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
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Record)


@dataclass(frozen=True, eq=False)
class Batch:
    """Up to some thousand records as one Arrow table.

    Columns: `ordinal`, the record's place in the order of the sources, from 0; `id`; `record`, all
    of it as JSON; `text`, everything that a model would read or learn of it, in order, joined by
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
    columns = [
        pa.array(ordinals, pa.int64()),
        pa.array([record.id for record in records], pa.string()),
        pa.array([_ENCODER.encode(record) for record in records], pa.large_binary()),
        pa.array([joined_text(record) for record in records], pa.large_string()),
        pa.array([shape_of(record) for record in records], pa.string()),
    ]
    batch = Batch(pa.record_batch(columns, schema=BATCH_SCHEMA))
    batch.__dict__["records"] = tuple(records)  # What is at hand need not be read back.
    return batch


def iter_batches(records: Iterable[Record], size: int = BATCH_RECORDS) -> Iterator[Batch]:
    """The records as batches with ordinals from 0, `size` in memory at once."""
    stream, start = iter(records), 0
    while some := list(islice(stream, size)):
        yield make_batch(some, range(start, start + len(some)))
        start += len(some)


def joined_text(record: Record) -> str:
    """Every text of the record, in order, joined by TEXT_SEPARATOR."""
    return TEXT_SEPARATOR.join(text for _, text in iter_texts(record))


def shape_of(record: Record) -> str:
    """Kind, roles and whatever else tells two records of equal texts apart, as one text."""
    turns = ",".join(_turn_shape(record, place) for place in range(len(record.messages)))
    media = ",".join(f"{one.message}:{one.at}:{one.sha256}" for one in record.media)
    parts = [record.kind, turns, media]
    if record.kind != "sft":
        parts += [repr(record.is_good), repr(record.score)]
        parts += [",".join(str(one.rank) for one in record.ranked), ",".join(repr(one.is_good) for one in record.steps)]
        parts += [",".join(f"{one.message}:{one.start}:{one.end}:{one.label}" for one in record.spans)]
    return "|".join(parts).rstrip("|")


def _turn_shape(record: Record, place: int) -> str:
    message = record.messages[place]
    has_text = "" if message.content else "-"
    return "+".join([message.role + has_text, *(call.name for call in message.tool_calls)])
