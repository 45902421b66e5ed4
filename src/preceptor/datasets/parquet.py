"""Records as Parquet that trainers read as it lies, and back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch, iter_batches
from preceptor.datasets.parquet_columns import Layout, file_schema, record_columns, uses_tools
from preceptor.datasets.parquet_records import read_columns, read_layout
from preceptor.datasets.types import Record, RecordKind, SplitName

__all__ = ["iter_parquet", "iter_parquet_batches", "parquet_bytes", "uses_tools", "write_parquet"]

# A group of rows is what a reader and the writer hold in memory: bounded by rows, and by bytes of JSON.
ROWS_IN_GROUP = 10_000
BYTES_IN_GROUP = 64_000_000
ROWS_AT_ONCE = 1_000


def write_parquet(
    stream: IO[bytes], batches: Iterable[Batch], kind: RecordKind, *, has_tools: bool = True, has_margin: bool = True
) -> int:
    """Write records of one kind and one split, in the order given, a group of rows in memory; how many there were.

    The same records give the same bytes, however they are parted into batches; another version of
    pyarrow may write others. Columns: `messages` (sft, spans) or `prompt` with `chosen`, `rejected`,
    `margin` (preference), `responses`, `ranks` (ranking), `completion`, `label` (binary), `completion`,
    `score` (scored), `completions`, `labels` (steps), `spans` (spans), then `media` and the provenance.
    Conversations and answers are lists of turns, as TRL wants them; `tools` and `metadata` are JSON text.
    Without `has_tools` turns have no columns for tools, without `has_margin` there is no `margin` (a null in
    it stops TRL's reward trainer): all files of a kind must agree on both. Raises InputError for a record that
    has no place in the file.
    """
    layout = Layout(kind, has_tools, has_margin)
    num_records = 0
    with pq.ParquetWriter(stream, file_schema(layout), compression="zstd", store_schema=False) as writer:
        for group in _groups(batches):
            writer.write_batch(record_columns(group, layout), row_group_size=len(group))
            num_records += len(group)
    return num_records


def parquet_bytes(records: Sequence[Record], kind: RecordKind, has_tools: bool) -> bytes:
    """The same as bytes, for few records; `margin` stands in it where one of them has it."""
    stream = io.BytesIO()
    has_margin = any(record.margin is not None for record in records)
    write_parquet(stream, iter_batches(records), kind, has_tools=has_tools, has_margin=has_margin)
    return stream.getvalue()


def iter_parquet(path: Path, kind: RecordKind, split: SplitName) -> Iterator[Record]:
    """The records of a file in its order, a thousand in memory at once.

    Raises InputError for a file that is not such Parquet.
    """
    try:
        with pq.ParquetFile(path) as file:
            layout = read_layout(file.schema_arrow, kind)
            for rows in file.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False):
                yield from read_columns(rows, layout, split)
    except (pa.ArrowException, OSError, InputError) as error:
        raise InputError(f"{str(path)!r} is not a file of {kind} records: {error}; restore the version") from error


def iter_parquet_batches(path: Path, kind: RecordKind, split: SplitName, first: int = 0) -> Iterator[Batch]:
    """The same as batches; the first record gets the ordinal `first`."""
    return iter_batches(iter_parquet(path, kind, split), first=first)


def _groups(batches: Iterable[Batch]) -> Iterator[list[Record]]:
    """The records in groups that do not depend on where a batch ends."""
    group: list[Record] = []
    num_bytes = 0
    for batch in batches:
        lengths = cast("list[int]", pc.binary_length(batch.table.column("record")).to_pylist())
        for record, length in zip(batch.records, lengths, strict=True):
            group.append(record)
            num_bytes += length
            if len(group) == ROWS_IN_GROUP or num_bytes >= BYTES_IN_GROUP:
                yield group
                group, num_bytes = [], 0
    if group:
        yield group
