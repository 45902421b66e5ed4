"""Training records that a model writes, from the failures of production."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.files import write_text
from preceptor.core.ids import plain_object
from preceptor.datasets.record_rows import record_row
from preceptor.evals.from_labels import case_text
from preceptor.grading.grade import prepare
from preceptor.grading.grader import Grader, ModelGrader, graders
from preceptor.grading.judges import open_judges
from preceptor.judges.store import CalibrationStore
from preceptor.judges.types import Calibration
from preceptor.kept_failure_modes import current_failure_modes
from preceptor.models.connect import open_model
from preceptor.models.response_cache import open_cache
from preceptor.models.spend import Budget
from preceptor.synthesis.plan import load_plan, settings_of
from preceptor.synthesis.synthesise import JUDGE, Synthesised, Writers, synthesise
from preceptor.synthesis.types import Seed, SynthesisPlan
from preceptor.traces.store import TraceStore
from preceptor.workspace.core import Advance, Core, nobody


@dataclass(frozen=True)
class Synthesis:
    """Training records that a model writes, from the failures of production."""

    core: Core

    def plan(self, name: str) -> SynthesisPlan:
        """A plan of `synthesis/`, or in a file."""
        return load_plan(self.core.definitions.document("synthesis", name))

    def run(self, plan_name: str, out: Path, budget: float | None = None, advance: Advance = nobody) -> Synthesised:
        """Write the records of a plan to a JSONL file, whole or not at all.

        What the models answered is kept: a run that was killed, or is made again, pays for nothing twice.
        `budget` is in dollars, generator and judge together. Raises InputError for a judge that was never
        compared with people, NotFoundError when production has no failure of the plan's categories.
        """
        plan = self.plan(plan_name)
        judge, calibration = self._judge(plan)
        seeds = self._seeds(plan)
        suites = [self.core.definitions.suite(name) for name in plan.against]
        texts = {case.id: case_text(case) for suite in suites for case in suite.cases}
        made = asyncio.run(self._write(plan, seeds, texts, _Models(judge, calibration, budget, advance)))
        rows = [json.dumps(record_row(record), ensure_ascii=False) for record in made.records]
        with self.core.change("synthesis.run") as change:
            change.subject = plan.name
            self.core.keep(self.core.definitions.document("synthesis", plan_name))
            change.details = {"report": plain_object(made.report), "path": str(out)}
            write_text(out, "".join(f"{row}\n" for row in rows))
        return made

    async def _write(
        self, plan: SynthesisPlan, seeds: Sequence[Seed], texts: dict[str, str], by: _Models
    ) -> Synthesised:
        budget = Budget(limit=by.budget)
        judged = {JUDGE: by.judge} if by.judge is not None else {}
        resources = self.core.resources
        async with (
            open_cache(self.core.database, self.core.clock) as cache,
            open_model(plan.generator, resources, cache=cache, budget=budget) as generator,
            open_judges(judged, resources, cache=cache, budget=budget) as judge_models,
        ):
            writers = Writers(
                generator=generator, judge=prepare(judged), judge_models=judge_models, calibration=by.calibration
            )
            return await synthesise(plan, seeds, texts, writers, by.advance)

    def _judge(self, plan: SynthesisPlan) -> tuple[Grader | ModelGrader | None, Calibration | None]:
        if plan.judge is None:
            return None, None
        grader = graders.create(str(plan.judge.grader.get("kind")), settings_of(plan.judge.grader))
        with self.core.database.read() as connection:
            calibration = CalibrationStore(connection).find_newest(graders.identify(grader).hash)
        if calibration is None and not plan.judge.allow_uncalibrated:
            raise InputError(
                f"the judge of {plan.name!r} was never compared with people; calibrate it with `preceptor judge`, "
                "or write allow_uncalibrated: true"
            )
        return grader, calibration

    def _seeds(self, plan: SynthesisPlan) -> list[Seed]:
        wanted = plan.seeds.categories
        with self.core.database.read() as connection:
            modes = current_failure_modes(connection, self.core.definitions.taxonomy())
            unknown = [name for name in wanted if name not in {mode.category for mode in modes}]
            if unknown:
                there = ", ".join(sorted(mode.category for mode in modes)) or "none"
                raise NotFoundError(f"no trace fails by {unknown[0]!r}; failure modes there are: {there}")
            seeds = []
            for mode in modes:
                if wanted and mode.category not in wanted:
                    continue
                chosen = sorted(mode.trace_ids, key=_draw)[: plan.seeds.per_category]
                traces = TraceStore(connection).find_many(chosen)
                seeds += [
                    Seed(id=number, category=mode.category, text=traces[number].request)
                    for number in chosen
                    if number in traces and traces[number].request.strip()
                ]
        return seeds


@dataclass(frozen=True)
class _Models:
    """The judge with its calibration, the spend limit, and who watches."""

    judge: Grader | ModelGrader | None
    calibration: Calibration | None
    budget: float | None
    advance: Advance


def _draw(trace_id: str) -> str:
    """An order by chance that stays the same: the first traces of a category are often of one day."""
    return hashlib.sha256(trace_id.encode()).hexdigest()
