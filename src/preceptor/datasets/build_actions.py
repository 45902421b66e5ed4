"""What one step of a recipe does with a batch, in a pass over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import pyarrow as pa

from preceptor.datasets.batch import Batch
from preceptor.datasets.changed_batch import filtered, with_changed
from preceptor.datasets.check import CheckContext, Mender, RecordCheck, SetCheck
from preceptor.datasets.executor import Output
from preceptor.datasets.found_rows import findings_of, found_rows
from preceptor.datasets.shards import Shard, rows_between
from preceptor.datasets.step import ChooseStep, MapStep, SourceRanges
from preceptor.datasets.types import CheckFinding, Fix, Record

RECORDS = "records"
SEEN = "seen"


class Done(NamedTuple):
    """The batch that goes on to the next action, and what else came of it."""

    batch: Batch
    outputs: tuple[Output, ...] = ()


class Action(Protocol):
    """One step of a pass; it can be pickled."""

    def run(self, batch: Batch, context: CheckContext) -> Done:
        """What becomes of a batch."""
        ...


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """Changes records by a step."""

    step: MapStep

    def run(self, batch: Batch, context: CheckContext) -> Done:  # noqa: ARG002 - the step compares with nothing
        """The changed batch."""
        return Done(self.step.apply(batch))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Lets a check judge each record, and drops or mends those it objects to."""

    place: int
    check: RecordCheck
    fix: Fix

    def run(self, batch: Batch, context: CheckContext) -> Done:
        """The batch without what was found, and the findings."""
        findings = list(self.check.find(batch, context))
        fixed = _fixed(batch, findings, self.check, self.fix)
        outputs = [seen(self.place, num_seen=len(batch), num_fixed=fixed.num_fixed)]
        if findings:
            outputs.append(Output(found_name(self.place), found_rows(findings)))
        return Done(fixed.batch, tuple(outputs))


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """Gathers what a check over the whole set must know."""

    place: int
    check: SetCheck

    def run(self, batch: Batch, context: CheckContext) -> Done:
        """The same batch, and the gathered rows."""
        rows = Output(gathered_name(self.place), self.check.gather(batch, context))
        return Done(batch, (seen(self.place, num_seen=len(batch)), rows))


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Gathers what a step must know that chooses among all records."""

    place: int
    step: ChooseStep
    sources: SourceRanges

    def run(self, batch: Batch, context: CheckContext) -> Done:  # noqa: ARG002 - the step compares with nothing
        """The same batch, and the gathered rows."""
        rows = Output(gathered_name(self.place), self.step.gather(batch, self.sources))
        return Done(batch, (seen(self.place, num_seen=len(batch)), rows))


@dataclass(frozen=True, kw_only=True)
class Mending:
    """Mends what a check over the whole set found in an earlier pass."""

    place: int
    mender: Mender
    found: tuple[Shard, ...]

    def run(self, batch: Batch, context: CheckContext) -> Done:  # noqa: ARG002 - it was compared already
        """The mended batch."""
        if not len(batch):
            return Done(batch)
        between = rows_between(self.found, batch.ordinals[0], batch.ordinals[-1])
        findings = [finding for rows in between for finding in findings_of(rows)]
        mended = _mended(batch, findings, self.mender)
        return Done(mended.batch, (seen(self.place, num_fixed=mended.num_fixed),))


class _Fixed(NamedTuple):
    batch: Batch
    num_fixed: int


def found_name(place: int) -> str:
    """Where the findings of a step are kept."""
    return f"found_{place:02d}"


def gathered_name(place: int) -> str:
    """Where what a step gathered is kept."""
    return f"gathered_{place:02d}"


def seen(place: int, num_seen: int = 0, num_fixed: int = 0) -> Output:
    """How many records a step looked at, and how many it fixed."""
    counts = {"place": [place], "num_seen": [num_seen], "num_fixed": [num_fixed]}
    return Output(SEEN, pa.record_batch(counts))


def count_seen(rows: Iterator[pa.RecordBatch]) -> dict[int, tuple[int, int]]:
    """By step: how many records it looked at, and how many it fixed."""
    counts: dict[int, tuple[int, int]] = {}
    for some in rows:
        columns = (some.column(name).to_pylist() for name in ("place", "num_seen", "num_fixed"))
        for place, num_seen, num_fixed in zip(*columns, strict=True):
            before = counts.get(place, (0, 0))
            counts[place] = (before[0] + num_seen, before[1] + num_fixed)
    return counts


def _fixed(batch: Batch, findings: Sequence[CheckFinding], check: RecordCheck, fix: Fix) -> _Fixed:
    if not findings or fix == "none":
        return _Fixed(batch, 0)
    if fix == "mend" and isinstance(check, Mender):
        return _mended(batch, findings, check)
    found = {finding.index for finding in findings}
    return _Fixed(filtered(batch, [ordinal not in found for ordinal in batch.ordinals]), len(found))


def _mended(batch: Batch, findings: Sequence[CheckFinding], mender: Mender) -> _Fixed:
    rows = {ordinal: row for row, ordinal in enumerate(batch.ordinals)}
    changed: dict[int, Record] = {}
    for finding in findings:
        row = rows.get(-1 if finding.index is None else finding.index)
        if row is None:
            continue
        before = changed.get(row, batch.records[row])
        after = mender.mend(before, finding)
        if after != before:
            changed[row] = after
    return _Fixed(with_changed(batch, changed), len(changed))
