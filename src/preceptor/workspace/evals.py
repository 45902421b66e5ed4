"""Suites run on targets, and what the runs say."""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import NotFoundError
from preceptor.core.pages import Page
from preceptor.datasets.examples import choose_examples
from preceptor.datasets.store import DatasetVersionStore
from preceptor.evals.from_labels import LabelledTrace, cases_from_labels, is_held_out, write_suite
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.journal import Journal
from preceptor.evals.kept_suite import suite_bytes
from preceptor.evals.open_run import open_run
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import Comparison, EvalRun, RunOutcome, SampleResult, Suite
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.grading.judges import open_judges
from preceptor.kept_findings import traces_with
from preceptor.kept_labels import labelled_items
from preceptor.kept_runs import comparable_runs, kept_rows
from preceptor.models.connect import connect
from preceptor.models.target import Target
from preceptor.workspace.core import Advance, Core, nobody


@dataclass(frozen=True)
class Evals:
    """Suites run on targets, and what the runs say."""

    core: Core

    def create_cases(self, name: str, like: str, rubric_name: str, category: str, share: float = 1.0) -> Path:
        """A suite of labelled production failures, with the graders of the suite `like`; where it lies.

        The label is the wanted value of the field that has the rubric's name. With a `share`
        only that share of the conversations gives cases: leave the rest to training, and name
        this suite in the recipe's `against`.
        """
        rubric, document = self.core.definitions.rubric(rubric_name), self.core.definitions.document("suites", like)
        with self.core.change("evals.create_cases") as change:
            failing = traces_with(change.connection, self.core.definitions.taxonomy(), category)
            with_failure = {trace.id for trace in failing}
            labelled = [
                LabelledTrace(trace=one.trace, label=one.value, label_id=one.label_id)
                for one in labelled_items(change.connection, rubric.hash)
                if one.trace.id in with_failure and is_held_out(one.trace, share)
            ]
            if not labelled:
                raise NotFoundError(f"no labelled trace fails in {category!r}; label some, or name another category")
            cases = cases_from_labels(labelled, label_field=rubric_name, slice_name=f"failure={category}")
            base = document.value if isinstance(document.value, dict) else {}
            path = write_suite(self.core.folder / "suites", name, base, cases)
            links = [Link(made=c.id, relation="made_from", source=c.source_id) for c in cases if c.source_id]
            LinkStore(change.connection).add(links)
            change.subject, change.details = name, {"cases": len(cases), "category": category, "like": like}
        return path

    def run(
        self,
        suite_name: str,
        target_name: str,
        *,
        advance: Advance = nobody,
        again: bool = False,
        concurrency: int = 4,
    ) -> tuple[EvalRun, RunOutcome | None]:
        """Run a suite on a target; an interrupted run of the same cases, graders and target goes on.

        A finished one is returned as it is (with None), unless `again`.
        """
        suite, (target, examples_version) = self.core.definitions.suite(suite_name), self._prepared(target_name)
        done = None if again else self._finished_run(suite, target)
        if done is not None:
            advance(done.num_cases)
            return done, None
        kept = self.core.blobs.add(suite_bytes(suite))
        with self.core.change("evals.start") as change:
            run = open_run(RunStore(change.connection), suite, target, now=self.core.clock(), suite_blob=kept)
            links = [Link(made=run.id, relation="asked", source=c.id) for c in suite.cases if c.source_id]
            if examples_version:
                links.append(Link(made=run.id, relation="examples_from", source=examples_version))
            LinkStore(change.connection).add(links)
            change.subject, change.details = run.id, {"suite": suite.name, "target": target.name}
        outcome = asyncio.run(self._run(run, suite, target, advance, concurrency))
        if not outcome.is_finished:
            return run, outcome
        with self.core.change("evals.finish") as change:
            run = RunStore(change.connection).finish(run.id, self.core.clock())
            change.subject, change.details = run.id, {"asked": outcome.num_asked, "kept": outcome.num_kept}
        return run, outcome

    def list_page(self, cursor: str | None = None) -> Page[EvalRun]:
        """One page of runs, the newest first."""
        with self.core.database.read() as connection:
            return RunStore(connection).list_newest(cursor=cursor)

    def get(self, run_id: str) -> tuple[EvalRun, list[SampleResult]]:
        """A run with its samples ordered by case; NotFoundError when there is none."""
        with self.core.database.read() as connection:
            return RunStore(connection).get(run_id), list(SampleStore(connection).iter_for_run(run_id))

    def compare(self, baseline_id: str, candidate_id: str, metric: str | None = None) -> Comparison:
        """Candidate minus baseline on a metric (the suite's primary one); ConflictError for runs of other cases."""
        from preceptor.evals.compare import compare  # noqa: PLC0415 - a run of a suite needs no scipy

        with self.core.database.read() as connection:
            baseline, candidate = comparable_runs(connection, baseline_id, candidate_id)
            name = metric or candidate.primary
            rows = [kept_rows(connection, self.core.blobs, run, name) for run in (baseline, candidate)]
        return compare(*rows)

    def _prepared(self, target_name: str) -> tuple[Target, str | None]:
        """The target with its examples filled in, and the dataset version that they are from."""
        target = self.core.definitions.target(target_name)
        if target.examples_from is None:
            return target, None
        from preceptor.datasets.read_version import read_version_records  # noqa: PLC0415 - most targets need no pyarrow

        with self.core.database.read() as connection:
            version = DatasetVersionStore(connection).get_newest(target.examples_from.dataset)
        examples = choose_examples(read_version_records(Path(version.folder)), target.examples_from)
        return dataclasses.replace(target, examples=examples), version.id

    def _finished_run(self, suite: Suite, target: Target) -> EvalRun | None:
        with self.core.database.read() as connection:
            return RunStore(connection).find_finished(identity_of(suite, target))

    async def _run(self, run: EvalRun, suite: Suite, target: Target, advance: Advance, concurrency: int) -> RunOutcome:
        async with (
            connect(target, self.core.resources) as model,
            open_judges(suite_graders(suite), self.core.resources) as judges,
            Journal(self.core.database, run) as journal,
        ):
            advance(len(await journal.read()))
            plan = EvalPlan(suite=suite, target=target, model=model, judges=judges, concurrency=concurrency)
            return await run_suite(plan, journal, lambda _: advance(1))
