"""The first stage of a build: all records of all sources, one after the other, with their ordinals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pyarrow as pa

from preceptor.core.ids import plain
from preceptor.datasets.batch import BATCH_RECORDS, BATCH_SCHEMA, Batch
from preceptor.datasets.build_actions import RECORDS
from preceptor.datasets.find_sources import GivenSources
from preceptor.datasets.found_rows import found_rows
from preceptor.datasets.progress import StageWatch
from preceptor.datasets.shards import Shard, ShardWriter
from preceptor.datasets.source import BadSourceRow
from preceptor.datasets.stage import Outcome
from preceptor.datasets.step import SourceRanges
from preceptor.datasets.types import CheckFinding, DatasetSource

SHARD_RECORDS = 65_536
BAD_ROWS = "bad_rows"
_FIRST_BAD = 1_024


@dataclass(frozen=True, kw_only=True)
class ReadRecords:
    """What was read: the records, the sources with their counts, and the rows that are no records.

    `ranges` are the ordinals of each source of the recipe, `input_ranges` of each of `sources`: a source may
    be several files.
    """

    records: tuple[Shard, ...]
    sources: tuple[DatasetSource, ...]
    ranges: SourceRanges
    input_ranges: SourceRanges
    bad_rows: tuple[Shard, ...]


def read_stage(given: GivenSources, folder: Path, watch: StageWatch) -> Outcome:
    """The records in files, bad rows beside them, and what each source gave."""
    reading = _Reading(folder, watch)
    starts: list[int] = []
    input_starts: list[int] = []
    said: list[DatasetSource] = []
    for one in given.sources:
        starts.append(reading.num_records)
        for entry in one.inputs:
            num_before, bad_before = reading.num_records, reading.num_bad
            input_starts.append(num_before)
            for found in one.source.read(entry, given.context):
                if isinstance(found, BadSourceRow):
                    reading.add_bad(entry.said.name, found)
                else:
                    reading.add(found)
            num_bad = reading.num_bad - bad_before
            num_rows = reading.num_records - num_before + num_bad
            said.append(replace(entry.said, num_rows=num_rows, num_bad=num_bad, num_left_out=0))
    reading.close()
    return Outcome(
        shards={RECORDS: tuple(reading.shards), BAD_ROWS: tuple(reading.bad_shards)},
        figures={
            "sources": plain(said),
            "ranges": plain({"names": [one.name for one in given.sources], "starts": starts}),
            "input_ranges": plain({"names": [one.name for one in said], "starts": input_starts}),
        },
    )


def read_of(outcome: Outcome) -> ReadRecords:
    """What a read stage gave."""
    return ReadRecords(
        records=outcome.of(RECORDS),
        sources=msgspec.convert(outcome.figures["sources"], tuple[DatasetSource, ...]),
        ranges=msgspec.convert(outcome.figures["ranges"], SourceRanges),
        input_ranges=msgspec.convert(outcome.figures["input_ranges"], SourceRanges),
        bad_rows=outcome.of(BAD_ROWS),
    )


class _Reading:
    """Writes records into shards, and counts."""

    def __init__(self, folder: Path, watch: StageWatch) -> None:
        self.folder = folder
        self.watch = watch
        self.num_records = 0
        self.num_bad = 0
        self.shards: list[Shard] = []
        self.bad_shards: list[Shard] = []
        self._writer: ShardWriter | None = None
        self._in_shard = 0
        self._bad: list[CheckFinding] = []

    def add(self, batch: Batch) -> None:
        """Write some records under the next ordinals."""
        for start in range(0, len(batch), BATCH_RECORDS):
            rows = batch.table.slice(start, BATCH_RECORDS)
            if self._writer is None:
                self._writer = ShardWriter(self.folder / RECORDS / f"{len(self.shards):05d}.arrow")
            ordinals = pa.array(range(self.num_records, self.num_records + rows.num_rows), pa.int64())
            self._writer.write(rows.set_column(0, BATCH_SCHEMA.field("ordinal"), ordinals))
            self.num_records += rows.num_rows
            self._in_shard += rows.num_rows
            if self._in_shard >= SHARD_RECORDS:
                self._end_shard()
        self.watch.advance(len(batch))

    def add_bad(self, name: str, row: BadSourceRow) -> None:
        """Note a row that is no record."""
        self.num_bad += 1
        self._bad.append(
            CheckFinding(
                record_id="",
                reason=f"{name}:{row.line}: {row.reason}",
                evidence={"file": name, "line": row.line},
            )
        )
        if len(self._bad) >= _FIRST_BAD:
            self._write_bad()

    def close(self) -> None:
        """Write what is left."""
        self._end_shard()
        self._write_bad()

    def _end_shard(self) -> None:
        if self._writer is not None:
            shard = self._writer.finish()
            self.shards += [shard] if shard else []
        self._writer, self._in_shard = None, 0

    def _write_bad(self) -> None:
        if self._bad:
            with ShardWriter(self.folder / BAD_ROWS / f"{len(self.bad_shards):05d}.arrow") as writer:
                writer.write(found_rows(self._bad))
            shard = writer.shard()
            self.bad_shards += [shard] if shard else []
            self._bad = []
