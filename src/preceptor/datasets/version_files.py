"""The Parquet files of a version, written in one pass over its records in order of id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from preceptor.datasets.data_files import data_file
from preceptor.datasets.parquet_columns import Layout, file_schema, record_columns
from preceptor.datasets.types import Record, RecordKind
from preceptor.datasets.whole_folder import HashedFile, UnnamedFolder

RECORDS_A_FILE = 500_000
ROWS_IN_GROUP = 10_000
CHARACTERS_IN_GROUP = 32_000_000


class Place(NamedTuple):
    """The kind and the split of a record: each has its own files."""

    kind: RecordKind
    split: str


@dataclass(kw_only=True)
class _Open:
    """The file of a place that is being written, and the records that wait for it."""

    layout: Layout
    num_files: int
    stack: ExitStack = field(default_factory=ExitStack)
    writer: pq.ParquetWriter | None = None
    num_written: int = 0
    waiting: list[Record] = field(default_factory=list)
    num_characters: int = 0


class VersionFiles:
    """Takes records in order of id, of all places mixed, and writes each into the file of its place.

    `counts` are the records of each place, `layouts` the columns by kind. In memory are at most 10,000
    records of each place. The same records in the same order give the same bytes.
    """

    def __init__(self, folder: UnnamedFolder, counts: Mapping[Place, int], layouts: Mapping[str, Layout]) -> None:
        self.folder = folder
        self._open = {
            place: _Open(layout=layouts[place.kind], num_files=-(-count // RECORDS_A_FILE))
            for place, count in counts.items()
        }

    def add(self, records: Iterable[Record]) -> None:
        """Write some records."""
        for record in records:
            place = Place(record.kind, record.split or "train")
            here = self._open[place]
            here.waiting.append(record)
            here.num_characters += sum(len(turn.content) for turn in record.messages)
            if len(here.waiting) == ROWS_IN_GROUP or here.num_characters >= CHARACTERS_IN_GROUP:
                self._write(place, here)

    def close(self) -> None:
        """Write what waits, and close every file."""
        for place, here in self._open.items():
            self._write(place, here)
            self._close(here)

    def abandon(self) -> None:
        """Let go of the files: something went wrong."""
        for here in self._open.values():
            here.writer = None
            here.stack.close()

    def schemas(self) -> dict[str, pa.Schema]:
        """The columns by kind."""
        return {place.kind: file_schema(here.layout) for place, here in self._open.items()}

    def _write(self, place: Place, here: _Open) -> None:
        while here.waiting:
            room = RECORDS_A_FILE - here.num_written % RECORDS_A_FILE
            if here.writer is None:
                here.writer = self._new_file(place, here)
            some, here.waiting = here.waiting[:room], here.waiting[room:]
            here.writer.write_batch(record_columns(some, here.layout), row_group_size=len(some))
            here.num_written += len(some)
            if here.num_written % RECORDS_A_FILE == 0:
                self._close(here)
        here.num_characters = 0

    def _new_file(self, place: Place, here: _Open) -> pq.ParquetWriter:
        name = data_file(place.kind, place.split, here.num_written // RECORDS_A_FILE, here.num_files)
        stream: HashedFile = here.stack.enter_context(self.folder.file(name))
        schema = file_schema(here.layout)
        return pq.ParquetWriter(stream, schema, compression="zstd", store_schema=False)

    def _close(self, here: _Open) -> None:
        if here.writer is not None:
            here.writer.close()
        here.writer = None
        here.stack.close()


def count_places(facts: Iterable[pa.RecordBatch]) -> tuple[dict[Place, int], dict[str, Layout]]:
    """The records of each place, sorted, and the columns that each kind needs; see `place_records`."""
    counts: Counter[Place] = Counter()
    layouts: dict[str, Layout] = {}
    for rows in facts:
        for row in rows.to_pylist():
            counts[Place(row["kind"], row["split"])] += row["num_records"]
            before = layouts.get(row["kind"], Layout(row["kind"], has_tools=False, has_margin=False))
            layouts[row["kind"]] = Layout(
                row["kind"], before.has_tools or row["has_tools"], before.has_margin or row["has_margin"]
            )
    return dict(sorted(counts.items())), layouts
