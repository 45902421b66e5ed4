"""The middle stages of a build: the recipe's steps, as many of them in one pass as can be."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.build_actions import (
    RECORDS,
    SEEN,
    Action,
    Drawing,
    Finding,
    Gathering,
    Mapping,
    Mending,
    count_seen,
    found_name,
    gathered_name,
)
from preceptor.datasets.build_job import Job
from preceptor.datasets.build_pass import Pass
from preceptor.datasets.build_plan import Planned, PlannedPass
from preceptor.datasets.check import CheckContext, Conclusion, Mender, RecordCheck, SetCheck
from preceptor.datasets.executor import Executor, outputs_by_name
from preceptor.datasets.found_rows import NO_ORDINAL, found_rows
from preceptor.datasets.gathered import GatheredShards
from preceptor.datasets.progress import StageWatch
from preceptor.datasets.recipe import PlannedCheck, PlannedStep
from preceptor.datasets.removal import Removal
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows, num_rows
from preceptor.datasets.sorted_shards import iter_sorted
from preceptor.datasets.stage import Outcome
from preceptor.datasets.step import ChooseStep, MapStep, SourceRanges
from preceptor.datasets.types import CheckFinding

FINDINGS_AT_ONCE = 8_192


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one step found: its findings in files, and the counts."""

    findings: tuple[Shard, ...] = ()
    num_checked: int = 0
    num_fixed: int = 0
    figures: JsonObject = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far the records have come: where they lie, what of them is gone, what is still to be mended."""

    records: tuple[Shard, ...]
    removals: tuple[Removal, ...] = ()
    mendings: tuple[Mending, ...] = ()
    found: dict[int, Found] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PassWork:
    """One pass with what it works on."""

    planned: PlannedPass
    before: Standing
    context: CheckContext
    sources: SourceRanges
    executor: Executor

    @property
    def writes_records(self) -> bool:
        """True when records change."""
        return self.planned.changes_records or bool(self.before.mendings)

    def run(self, folder: Path, watch: StageWatch) -> Outcome:
        """The pass over every batch, then what the checks over the whole set conclude."""
        function = Pass(
            removals=self.before.removals,
            actions=self._actions(),
            context=self.context,
            writes_records=self.writes_records,
        )
        done = self.executor.map(self.before.records, function, folder)
        given = outputs_by_name(watch.over(self.before.records, done))
        counts = count_seen(rows for shard in given.pop(SEEN, ()) for rows in iter_rows(shard))
        shutil.rmtree(folder / SEEN, ignore_errors=True)
        figures: JsonObject = {"seen": {str(place): list(count) for place, count in sorted(counts.items())}}
        kept = {name: shards for name, shards in given.items() if name == RECORDS or name.startswith("found_")}
        concluded: JsonObject = {}
        for place, step in self.planned.steps:
            if _looks_at_all(step) and place in counts:
                rows = given.get(gathered_name(place), ())
                gathered = self._gathered(place, rows, kept, counts[place][0], folder)
                kept[found_name(place)], concluded[str(place)] = self._conclude(place, step, gathered, folder)
                shutil.rmtree(gathered.folder, ignore_errors=True)
                shutil.rmtree(folder / gathered_name(place), ignore_errors=True)
        return Outcome(shards=kept, figures={**figures, "concluded": concluded})

    def after(self, outcome: Outcome) -> Standing:
        """How the records stand after the pass."""
        records = outcome.of(RECORDS) if self.writes_records else self.before.records
        removals = () if self.writes_records else self.before.removals
        mendings: list[Mending] = []
        for place, step in self.planned.steps:
            findings = outcome.of(found_name(place))
            if findings and _drops(step) and not (self.writes_records and _judges_alone(step)):
                removals = (*removals, Removal(found=findings))
            if findings and isinstance(step, PlannedCheck) and step.fix == "mend" and not _judges_alone(step):
                mendings.append(Mending(place=place, mender=cast("Mender", step.check), found=findings))
        return Standing(records=records, removals=removals, mendings=tuple(mendings), found=self._found(outcome))

    def _actions(self) -> tuple[Action, ...]:
        actions: list[Action] = list(self.before.mendings)
        for place, step in self.planned.steps:
            if not isinstance(step, PlannedCheck) or step.check.missing(self.context) is None:
                actions.append(self._action(place, step))
        return tuple(actions)

    def _action(self, place: int, planned: Planned) -> Action:
        if isinstance(planned, PlannedStep):
            if isinstance(planned.step, MapStep):
                return Mapping(step=planned.step)
            if isinstance(planned.step, ChooseStep):
                return Drawing(place=place, step=planned.step, sources=self.sources)
            raise InputError(f"the step {planned.kind!r} has neither apply nor gather and choose; give it one of them")
        if isinstance(planned.check, RecordCheck):
            return Finding(place=place, check=planned.check, fix=planned.fix)
        if isinstance(planned.check, SetCheck):
            return Gathering(place=place, check=planned.check)
        raise InputError(f"the check {planned.kind!r} has neither find nor gather and conclude; give it one of them")

    def _gathered(
        self, place: int, rows: tuple[Shard, ...], kept: dict[str, tuple[Shard, ...]], num_seen: int, folder: Path
    ) -> GatheredShards:
        alone = Outcome(shards={name: shards for name, shards in kept.items() if self._is_alone(name)})
        now = self.after(replace(alone, figures={"seen": {}, "concluded": {}}))
        return GatheredShards(
            rows=rows,
            records=kept.get(RECORDS, ()) if self.writes_records else now.records,
            removals=now.removals,
            num_records=num_seen,
            executor=self.executor,
            folder=folder / f"parts_{place:02d}",
        )

    def _is_alone(self, name: str) -> bool:
        return any(name == found_name(place) and _judges_alone(step) for place, step in self.planned.steps)

    def _conclude(
        self, place: int, planned: Planned, gathered: GatheredShards, folder: Path
    ) -> tuple[tuple[Shard, ...], JsonObject]:
        target = folder / found_name(place)
        if isinstance(planned, PlannedStep):
            left_out = cast("ChooseStep", planned.step).choose(gathered, self.sources)
            return _write_ordinals(left_out, target), {}
        found = cast("SetCheck", planned.check).conclude(gathered, self.context)
        shards = _write_sorted(found, target, self.executor)
        return shards, {"figures": found.figures, "reason": found.reason}

    def _found(self, outcome: Outcome) -> dict[int, Found]:
        seen = cast("dict[str, list[int]]", outcome.figures["seen"])
        concluded = cast("dict[str, JsonObject]", outcome.figures["concluded"])
        found = dict(self.before.found)
        for mending in self.before.mendings:
            _, num_fixed = seen.get(str(mending.place), [0, 0])
            found[mending.place] = replace(found[mending.place], num_fixed=num_fixed)
        for place, step in self.planned.steps:
            if isinstance(step, PlannedCheck):
                found[place] = self._found_by(step, place, outcome, seen, concluded.get(str(place), {}))
        return found

    def _found_by(
        self, step: PlannedCheck, place: int, outcome: Outcome, seen: dict[str, list[int]], concluded: JsonObject
    ) -> Found:
        findings = outcome.of(found_name(place))
        num_seen, num_fixed = seen.get(str(place), [0, 0])
        if step.fix == "drop" and not _judges_alone(step):
            num_fixed = _num_placed(findings)
        return Found(
            findings=findings,
            num_checked=num_seen,
            num_fixed=num_fixed,
            figures=cast("JsonObject", concluded.get("figures", {})),
            reason=str(concluded.get("reason") or step.check.missing(self.context) or ""),
        )


def run_passes(
    job: Job, passes: Sequence[PlannedPass], before: Standing, context: CheckContext, sources: SourceRanges
) -> Standing:
    """The records after all passes."""
    standing, waiting = before, list(passes)
    while waiting or standing.mendings:
        planned = waiting.pop(0) if waiting else PlannedPass(steps=())
        work = PassWork(planned=planned, before=standing, context=context, sources=sources, executor=job.tools.executor)
        name = "_".join(step.kind for _, step in planned.steps)[:80] or "mend"
        standing = work.after(job.stage(name, num_rows(standing.records), work.run))
    return standing


def _write_ordinals(ordinals: np.ndarray[tuple[int], np.dtype[np.int64]], folder: Path) -> tuple[Shard, ...]:
    with ShardWriter(folder / "00000.arrow") as writer:
        for start in range(0, len(ordinals), FINDINGS_AT_ONCE):
            some = ordinals[start : start + FINDINGS_AT_ONCE]
            writer.write(pa.record_batch({"ordinal": pa.array(some, pa.int64())}))
    shard = writer.shard()
    return (shard,) if shard else ()


def _write_sorted(found: Conclusion, folder: Path, executor: Executor) -> tuple[Shard, ...]:
    """The findings in order of ordinal, however many there are."""
    with ShardWriter(folder / "unsorted.arrow") as writer:
        for some in _chunks(found.findings):
            writer.write(found_rows(some))
    unsorted = writer.shard()
    if unsorted is None:
        return ()
    with ShardWriter(folder / "00000.arrow") as writer:
        for table in iter_sorted([unsorted], "ordinal", executor, folder / "sorting"):
            for rows in table.combine_chunks().to_batches(max_chunksize=FINDINGS_AT_ONCE):
                writer.write(rows)
    Path(unsorted.path).unlink()
    shutil.rmtree(folder / "sorting", ignore_errors=True)
    shard = writer.shard()
    return (shard,) if shard else ()


def _chunks(findings: Iterable[CheckFinding]) -> Iterator[list[CheckFinding]]:
    chunk: list[CheckFinding] = []
    for finding in findings:
        chunk.append(finding)
        if len(chunk) >= FINDINGS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _num_placed(findings: Sequence[Shard]) -> int:
    ordinals = (rows.column("ordinal").to_numpy() for shard in findings for rows in iter_rows(shard, ["ordinal"]))
    return sum(int(np.count_nonzero(some != NO_ORDINAL)) for some in ordinals)


def _judges_alone(step: Planned) -> bool:
    return isinstance(step, PlannedCheck) and isinstance(step.check, RecordCheck)


def _looks_at_all(step: Planned) -> bool:
    return not _judges_alone(step) and not (isinstance(step, PlannedStep) and isinstance(step.step, MapStep))


def _drops(step: Planned) -> bool:
    return isinstance(step, PlannedStep) or step.fix == "drop"
