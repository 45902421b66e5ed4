"""Suites run on targets, and what the runs say."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import NotFoundError
from preceptor.core.pages import Page
from preceptor.datasets.examples import choose_examples
from preceptor.datasets.store import DatasetVersionStore
from preceptor.evals.epochs import epoch_figures
from preceptor.evals.estimate import estimate_run
from preceptor.evals.from_labels import LabelledTrace, cases_from_labels, is_held_out, write_suite
from preceptor.evals.goals import coverage_map
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.journal import Journal, SampleKey
from preceptor.evals.kept_suite import suite_bytes
from preceptor.evals.open_run import open_run
from preceptor.evals.progress import ProgressTally
from preceptor.evals.replay import cases_from_trace
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.tool_code import ToolFunction, load_tool_functions
from preceptor.evals.types import (
    Comparison,
    CoverageMap,
    EpochFigures,
    EvalRun,
    RunEstimate,
    RunIdentity,
    RunOutcome,
    RunProgress,
    SampleResult,
    Suite,
)
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link
from preceptor.grading.judges import open_judges
from preceptor.kept_findings import traces_with
from preceptor.kept_labels import labelled_items
from preceptor.kept_runs import comparable_runs, kept_rows, kept_suite
from preceptor.models.connect import connect
from preceptor.models.response_cache import open_cache
from preceptor.models.spend import Budget
from preceptor.models.target import Target
from preceptor.traces.store import TraceStore
from preceptor.workspace.core import Core

Watch = Callable[[RunProgress], None]


def nobody_watches(_progress: RunProgress) -> None:
    """Progress that nobody watches."""


@dataclass
class Advancing:
    """Watches a run by moving a bar on by what is new."""

    advance: Callable[[int], None]
    seen: int = 0

    def __call__(self, progress: RunProgress) -> None:
        """Move the bar to where the run is."""
        done = progress.num_done
        self.advance(done - self.seen)
        self.seen = done


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How a run is made; none of it changes what the scores mean.

    `budget` is in dollars and `max_tokens` in tokens, target and judges together: what the run
    took before it was interrupted counts. `allow_code` lets the suite's tools run their Python functions.
    """

    again: bool = False
    concurrency: int = 64
    use_cache: bool = True
    budget: float | None = None
    max_tokens: int | None = None
    allow_code: bool = False

    def budget_from(self, progress: RunProgress) -> Budget | None:
        """The budget with what was spent already; None where none is set."""
        if self.budget is None and self.max_tokens is None:
            return None
        tokens = progress.input_tokens + progress.output_tokens
        return Budget(limit=self.budget, max_tokens=self.max_tokens, spent=progress.dollars, tokens=tokens)


@dataclass(frozen=True, kw_only=True)
class PlannedRun:
    """A suite and a target as they were read, and what there is of such a run: `finished`, or `begun` since."""

    suite: Suite
    target: Target
    identity: RunIdentity
    folder: Path
    examples_version: str | None = None
    finished: EvalRun | None = None
    begun: EvalRun | None = None

    @property
    def num_samples(self) -> int:
        """Cases times epochs."""
        return len(self.suite.cases) * self.suite.epochs


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

    def create_replays(self, name: str, like: str, trace_ids: Sequence[str], turns: Sequence[int] = ()) -> Path:
        """A suite of production conversations, played again up to each of these turns of the user (all of them)."""
        document = self.core.definitions.document("suites", like)
        with self.core.change("evals.create_replays") as change:
            traces = TraceStore(change.connection)
            cases = [case for trace_id in trace_ids for case in cases_from_trace(traces.get(trace_id), turns)]
            base = document.value if isinstance(document.value, dict) else {}
            path = write_suite(self.core.folder / "suites", name, base, cases)
            links = [Link(made=c.id, relation="made_from", source=c.source_id) for c in cases if c.source_id]
            LinkStore(change.connection).add(links)
            change.subject, change.details = name, {"cases": len(cases), "like": like}
        return path

    def coverage_map(self, suite_names: Sequence[str]) -> CoverageMap:
        """Which behaviour goals and intents the cases of these suites cover, and which goals none does."""
        return coverage_map([self.core.definitions.suite(name) for name in suite_names])

    def plan(self, suite_name: str, target_name: str) -> PlannedRun:
        """A suite and a target as they are now, read once, to be estimated and run."""
        suite, (target, examples_version) = self.core.definitions.suite(suite_name), self._prepared(target_name)
        identity = identity_of(suite, target)
        with self.core.database.read() as connection:
            runs = RunStore(connection)
            finished, begun = runs.find_finished(identity), runs.find_unfinished(identity)
        if finished and begun and begun.id < finished.id:
            begun = None
        return PlannedRun(
            suite=suite,
            target=target,
            identity=identity,
            folder=self.core.definitions.path("suites", suite_name).parent,
            examples_version=examples_version,
            finished=None if begun else finished,
            begun=begun,
        )

    def estimate(self, planned: PlannedRun, *, again: bool = False) -> RunEstimate | None:
        """What the run would take from here on, without what it has already; None where it is finished."""
        if planned.finished and not again:
            return None
        done: set[SampleKey] = set()
        if planned.begun:
            with self.core.database.read() as connection:
                kept = SampleStore(connection).iter_for_run(planned.begun.id)
                done = {(one.case_id, one.epoch) for one in kept if not one.is_worth_another_try}
        return estimate_run(planned.suite, planned.target, done)

    def run(
        self,
        suite_name: str,
        target_name: str,
        options: RunOptions | None = None,
        watch: Watch = nobody_watches,
    ) -> tuple[EvalRun, RunOutcome | None]:
        """Run a suite on a target; see `run_planned`."""
        return self.run_planned(self.plan(suite_name, target_name), options, watch)

    def run_planned(
        self, planned: PlannedRun, options: RunOptions | None = None, watch: Watch = nobody_watches
    ) -> tuple[EvalRun, RunOutcome | None]:
        """Ask what is still to be asked; an interrupted run of the same cases, graders and target goes on.

        A finished one, with none begun since, is returned as it is (with None), unless
        `options.again`. `watch` is shown where the run is as it goes. Raises NotAllowedError for
        tools whose code is not allowed.
        """
        options = options or RunOptions()
        if planned.finished and not options.again:
            return planned.finished, None
        functions = load_tool_functions(planned.suite, planned.folder, allow_code=options.allow_code)
        run = self._begin(planned)
        outcome = asyncio.run(self._run(run, planned, functions, options, watch))
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

    def epoch_figures(self, run_id: str, metric: str | None = None) -> list[EpochFigures]:
        """pass@k and pass^k of a run on a metric (the suite's primary one), for k = 1 to its epochs."""
        with self.core.database.read() as connection:
            run = RunStore(connection).get(run_id)
            samples = SampleStore(connection).iter_for_run(run_id)
            return epoch_figures(kept_suite(self.core.blobs, run), samples, metric or run.primary)

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

    def _begin(self, planned: PlannedRun) -> EvalRun:
        """The run, kept: the one that was begun, or a new one with the policies as they are now."""
        suite = planned.suite
        kept = self.core.blobs.add(suite_bytes(suite))
        with self.core.change("evals.start") as change:
            run = open_run(
                RunStore(change.connection),
                suite,
                planned.target,
                now=self.core.clock(),
                identity=planned.identity,
                suite_blob=kept,
                policies=self.core.definitions.policy_hashes(),
            )
            links = [Link(made=run.id, relation="asked", source=c.id) for c in suite.cases if c.source_id]
            if planned.examples_version:
                links.append(Link(made=run.id, relation="examples_from", source=planned.examples_version))
            LinkStore(change.connection).add(links)
            change.subject, change.details = run.id, {"suite": suite.name, "target": planned.target.name}
        return run

    async def _run(
        self,
        run: EvalRun,
        planned: PlannedRun,
        functions: Mapping[str, ToolFunction],
        options: RunOptions,
        watch: Watch,
    ) -> RunOutcome:
        suite, target = planned.suite, planned.target
        async with AsyncExitStack() as stack:
            journal = await stack.enter_async_context(Journal(self.core.database, run))
            tally = ProgressTally.of(suite, (await journal.read()).values())
            watch(tally.view())
            cache = None
            if options.use_cache:
                cache = await stack.enter_async_context(open_cache(self.core.database, self.core.clock))
            budget = options.budget_from(tally.view())
            model = await stack.enter_async_context(connect(target, self.core.resources, cache=cache, budget=budget))
            judging = open_judges(suite_graders(suite), self.core.resources, cache=cache, budget=budget)
            judges = await stack.enter_async_context(judging)

            def done(result: SampleResult) -> None:
                tally.add(result)
                watch(tally.view())

            plan = EvalPlan(
                suite=suite,
                target=target,
                model=model,
                judges=judges,
                functions=functions,
                identity=planned.identity,
                concurrency=options.concurrency,
            )
            return await run_suite(plan, journal, done)
