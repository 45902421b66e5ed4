"""Find the near duplicates in a file, with bounded memory, alone or against an index of earlier files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.errors import InputError
from preceptor.core.rows import BadRow
from preceptor.datasets.batch import BATCH_RECORDS, Batch, make_batch
from preceptor.datasets.executors.local import LocalExecutor
from preceptor.datasets.gathered import GatheredShards
from preceptor.datasets.near_duplicates import find_near_duplicates
from preceptor.datasets.near_index import open_near_index
from preceptor.datasets.near_keys import NearSettings, near_keys
from preceptor.datasets.read_records import ReadRecord, iter_read_records
from preceptor.datasets.shards import Shard, ShardWriter

RECORDS_A_SHARD = 16 * BATCH_RECORDS


class RemovedRow(NamedTuple):
    """A row that is `score` like the row (or the record of the index) named `kept`; an id, or `line N` without one."""

    id: str
    kept: str
    score: float
    line: int


@dataclass(frozen=True, kw_only=True)
class DedupeReport:
    """What was found in a file, in its order."""

    num_records: int
    removed: list[RemovedRow]
    bad_rows: list[BadRow]


@dataclass
class _Rows:
    """The rows as they are read: a name and a line for each record, in Arrow so that millions fit in memory."""

    bad: list[BadRow] = field(default_factory=list)
    names: list[pa.Array] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)

    def batches(self, path: Path, advance: Callable[[int], object]) -> Iterator[Batch]:
        """The records of the file; `advance` is called with how many more were read."""
        stream, start = self._readable(path), 0
        while some := list(islice(stream, BATCH_RECORDS)):
            self.names.append(pa.array([_name(one) for one in some], pa.string()))
            self.lines.append(np.array([one.line for one in some], np.int64))
            yield make_batch([one.record for one in some], range(start, start + len(some)))
            start += len(some)
            advance(len(some))

    def _readable(self, path: Path) -> Iterator[ReadRecord]:
        for found in iter_read_records(path):
            if isinstance(found, BadRow):
                self.bad.append(found)
            else:
                yield found

    def report(self, path: Path, duplicates: Iterator[tuple[int, int | str, float]]) -> DedupeReport:
        """What is said of the file; raises InputError where no row could be read."""
        if not self.names:
            why = (
                f"no row could be read; line {self.bad[0].number}: {self.bad[0].reason}" if self.bad else "it is empty"
            )
            raise InputError(f"{str(path)!r} holds no records: {why}")
        names, lines = pa.chunked_array(self.names), np.concatenate(self.lines)
        removed = [
            RemovedRow(
                id=names[row].as_py(),
                kept=kept if isinstance(kept, str) else names[kept].as_py(),
                score=score,
                line=int(lines[row]),
            )
            for row, kept, score in duplicates
        ]
        return DedupeReport(num_records=len(lines), removed=removed, bad_rows=self.bad)


def deduplicate_file(
    path: Path, settings: NearSettings, index: Path | None = None, advance: Callable[[int], object] = str
) -> DedupeReport:
    """The rows of a file that are near duplicates of a row that is kept; copies have the score 1.

    With `index`, a folder, also of a record that stands there; the rows that are kept join it. Texts and
    sets stand in temporary files. Raises InputError when no row could be read.
    """
    rows = _Rows()
    if index is not None:
        return _against_index(path, settings, index, rows, advance)
    with tempfile.TemporaryDirectory(prefix="preceptor-dedupe-") as name:
        gathered = _gather(rows.batches(path, advance), settings, Path(name))
        found = find_near_duplicates(gathered, settings)
    pairs = zip(found.removed.tolist(), found.kept.tolist(), found.scores.tolist(), strict=True)
    return rows.report(path, iter(pairs))


def _against_index(
    path: Path, settings: NearSettings, index: Path, rows: _Rows, advance: Callable[[int], object]
) -> DedupeReport:
    opened = open_near_index(index, settings)
    added = opened.add(_named(rows, rows.batches(path, advance)))
    return rows.report(path, ((one.ordinal, one.kept, one.score) for one in added.duplicates))


def _named(rows: _Rows, batches: Iterator[Batch]) -> Iterator[Batch]:
    """The batches with the rows' own names, by which the index will know them."""
    for batch in batches:
        place = batch.table.schema.get_field_index("id")
        yield Batch(batch.table.set_column(place, "id", rows.names[-1]))


def _gather(batches: Iterator[Batch], settings: NearSettings, folder: Path) -> GatheredShards:
    records: list[Shard] = []
    keys: list[Shard] = []
    num_records = 0
    while some := list(islice(batches, 1)):
        number = f"{len(records):05d}"
        with ExitStack() as stack:
            to_records = stack.enter_context(ShardWriter(folder / f"records_{number}.arrow"))
            to_keys = stack.enter_context(ShardWriter(folder / f"keys_{number}.arrow"))
            for batch in chain(some, islice(batches, RECORDS_A_SHARD // BATCH_RECORDS - 1)):
                to_records.write(batch.table)
                to_keys.write(near_keys(batch, settings))
                num_records += len(batch)
        records += [shard for shard in (to_records.shard(),) if shard]
        keys += [shard for shard in (to_keys.shard(),) if shard]
    return GatheredShards(
        rows=tuple(keys),
        records=tuple(records),
        removals=(),
        num_records=num_records,
        executor=LocalExecutor(),
        folder=folder,
    )


def _name(found: ReadRecord) -> str:
    return f"line {found.line}" if found.own_id is None else found.own_id
