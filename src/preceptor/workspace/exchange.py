"""Runs and test cases of other tools, taken over; runs of ours, written for them; pages for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.files import whole_file
from preceptor.core.ids import content_id, plain_object
from preceptor.core.json_values import JsonObject
from preceptor.evals.compare import compare
from preceptor.evals.coverage import coverage, score_rows
from preceptor.evals.from_labels import write_suite
from preceptor.evals.identity import suite_graders
from preceptor.evals.import_run import identity_of_import, results_of, suite_of
from preceptor.evals.kept_suite import suite_bytes
from preceptor.evals.page import iter_run_page
from preceptor.evals.page_samples import page_samples
from preceptor.evals.page_types import PageMetric, PageSlice, RunPageView
from preceptor.evals.run_exporter import RunToExport, export_run, run_exporters
from preceptor.evals.run_format import ForeignRun, read_runs
from preceptor.evals.spending import run_spending
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.suite_format import ForeignSuite, read_suites
from preceptor.evals.summary import slice_summaries, summarise
from preceptor.evals.types import EvalRun, SampleResult, Suite
from preceptor.grading.grader import graders, metric_names
from preceptor.kept_runs import comparable_runs, kept_suite
from preceptor.models.types import Usage
from preceptor.workspace.core import Core

SAMPLES_A_WRITE = 1_000


@dataclass(frozen=True, kw_only=True)
class ImportedRun:
    """A run as it was kept; `was_there` when the same file had been imported before."""

    run: EvalRun
    was_there: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportedSuite:
    """Where a suite was written, and what could not be taken over."""

    path: Path
    num_cases: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Exchange:
    """Runs and test cases of other tools, taken over; runs of ours, written for them; pages for people."""

    core: Core

    def import_runs(
        self, path: Path, format_name: str | None = None, suite: str | None = None, target: str | None = None
    ) -> list[ImportedRun]:
        """The runs in another tool's file, kept: `compare` and `gate` take their ids.

        `suite` and `target` name them otherwise than the file does. The same file gives the same
        run, once.
        """
        return [self._import(run, path, suite, target) for run in read_runs(path, format_name)]

    def export_run(self, run_id: str, exporter_name: str, path: Path) -> EvalRun:
        """Write a run as another tool reads it; the file appears whole or not at all."""
        exporter = run_exporters.create(exporter_name)
        with self.core.database.read() as connection:
            run = RunStore(connection).get(run_id)
        suite = kept_suite(self.core.blobs, run)
        export_run(RunToExport(run=run, suite=suite, results=lambda: self._results(run_id)), exporter, path)
        with self.core.change("evals.export") as change:
            change.subject, change.details = run_id, {"exporter": exporter_name, "file": path.name}
        return run

    def import_suites(self, path: Path, format_name: str | None = None, name: str | None = None) -> list[ImportedSuite]:
        """Another tool's test cases as suites of the workspace; a suite of the same name is written over."""
        return [self._write_suite(found, name) for found in read_suites(path, format_name)]

    def write_run_page(self, run_id: str, path: Path, baseline_id: str | None = None) -> Path:
        """A page of the run that needs nothing else; with a baseline, both runs' answers side by side."""
        with self.core.database.read() as connection:
            if baseline_id:
                baseline, run = comparable_runs(connection, baseline_id, run_id)
            else:
                baseline, run = None, RunStore(connection).get(run_id)
        suite = kept_suite(self.core.blobs, run)
        results = list(self._results(run_id))
        before = list(self._results(baseline_id)) if baseline_id else []
        view = self._view(run, suite, results, baseline, before)
        with whole_file(path) as stream:
            for piece in iter_run_page(view):
                stream.write(piece.encode("utf-8"))
        return path

    def _import(self, foreign: ForeignRun, path: Path, suite_name: str | None, target: str | None) -> ImportedRun:
        suite = suite_of(foreign, suite_name)
        identity = identity_of_import(foreign, suite)
        now = self.core.clock()
        facts = {"file": path.name, "tool": foreign.settings, "model": foreign.model}
        results_hash = content_id("results", [plain_object(one) for one in results_of(foreign, suite)])
        run = EvalRun(
            id=content_id("run", {"identity": identity, "results": results_hash}),
            suite=suite.name,
            target=target or foreign.target,
            identity=identity,
            primary=suite.primary,
            num_cases=len(suite.cases),
            started_at=foreign.started_at or now,
            finished_at=foreign.finished_at or now,
            settings=_import_settings(suite, facts, self.core.blobs.add(suite_bytes(suite))),
        )
        with self.core.change("evals.import") as change:
            runs, samples = RunStore(change.connection), SampleStore(change.connection)
            kept = runs.find(run.id)
            change.subject, change.details = run.id, {"file": path.name, "cases": run.num_cases, "new": kept is None}
            if kept is not None:
                return ImportedRun(run=kept, was_there=True)
            runs.add(run)
            for some in _batches(results_of(foreign, suite)):
                samples.add_many(run.id, some)
        return ImportedRun(run=run)

    def _write_suite(self, found: ForeignSuite, name: str | None) -> ImportedSuite:
        suite = found.suite
        settings: JsonObject = {"primary": suite.primary, "graders": dict(suite.graders)}
        with self.core.change("evals.import_suite") as change:
            path = write_suite(self.core.folder / "suites", name or suite.name, settings, suite.cases)
            change.subject, change.details = name or suite.name, {"cases": len(suite.cases)}
        return ImportedSuite(path=path, num_cases=len(suite.cases), notes=found.notes)

    def _results(self, run_id: str) -> Iterator[SampleResult]:
        with self.core.database.read() as connection:
            yield from SampleStore(connection).iter_for_run(run_id)

    def _view(
        self,
        run: EvalRun,
        suite: Suite,
        results: list[SampleResult],
        baseline: EvalRun | None,
        before: list[SampleResult],
    ) -> RunPageView:
        names = metric_names(suite_graders(suite))
        rows = {metric: score_rows(suite, results, metric) for metric in names}
        metrics: list[PageMetric] = [summarise(metric, found) for metric, found in rows.items()]
        slices: list[PageSlice] = slice_summaries(suite.primary, rows[suite.primary])
        spent = run_spending(results).target
        compared = {metric: compare(score_rows(suite, before, metric), rows[metric]) for metric in names if before}
        keys = {(one.case_id, one.epoch) for one in (*results, *before)}
        return RunPageView(
            run=run,
            generated_at=self.core.clock(),
            samples=page_samples(suite.cases, results, before),
            num_samples=len(keys),
            status="finished" if run.finished_at else "not finished",
            model=_model(run),
            purpose=suite.purpose,
            num_epochs=suite.epochs,
            usage=Usage(input_tokens=spent.input_tokens, output_tokens=spent.output_tokens, cost=spent.dollars),
            coverage=coverage(run, results).by_status,
            metrics=tuple(metrics),
            slices=tuple(slices),
            baseline=baseline,
            baseline_model=_model(baseline) if baseline else "",
            comparisons=compared,
        )


def _import_settings(suite: Suite, facts: Mapping[str, object], blob: str) -> JsonObject:
    used = {metric: plain_object(graders.identify(grader)) for metric, grader in suite_graders(suite).items()}
    return {
        "graders": dict(used),
        "suite": blob,
        "epochs": suite.epochs,
        "purpose": suite.purpose,
        "imported": plain_object(facts),
    }


def _batches(results: Iterator[SampleResult]) -> Iterator[list[SampleResult]]:
    batch: list[SampleResult] = []
    for result in results:
        batch.append(result)
        if len(batch) == SAMPLES_A_WRITE:
            yield batch
            batch = []
    yield batch


def _model(run: EvalRun) -> str:
    for key in ("target", "imported"):
        part = run.settings.get(key)
        found = part.get("provider", part) if isinstance(part, dict) else None
        model = found.get("model") if isinstance(found, dict) else None
        if isinstance(model, str) and model:
            return model
    return ""
