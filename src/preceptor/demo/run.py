"""The main job: from production traces to a release verdict, each step a call that a user can repeat by hand."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.core.files import write_text
from preceptor.datasets.types import Refused
from preceptor.demo.types import Outcome, Step
from preceptor.models.generate import Pace, generate, read_prompts
from preceptor.qc.types import Label
from preceptor.settings import CONFIG_FILE
from preceptor.triage.types import FailureMode
from preceptor.workspace import Workspace
from preceptor.workspace.evals import Advancing, RunOptions

Result = TypeVar("Result")
Advance = Callable[[int], None]
Say = Callable[[str], None]

OPTIONS = RunOptions(concurrency=4)
HELD_OUT_SHARE = 0.25
MODES_SHOWN = 6
RUBRIC = "category"
SUITE = "support"
MODEL = "smollm2-135m"


@dataclass(kw_only=True)
class Demo:
    """One run of the loop in a folder. A finished part is found there and not done again.

    `progress` opens a bar for a title and a total; `on_step` is told of each finished step;
    `stopwatch` gives seconds that only grow; `threads` are the local model's. With
    `is_recorded` a new folder's targets answer from what the same model said when the
    template was made, and the report says so.
    """

    folder: Path
    threads: int
    progress: Callable[[str, int | None], AbstractContextManager[Advance]]
    on_step: Callable[[Step], None]
    stopwatch: Callable[[], float]
    is_recorded: bool = False
    steps: list[Step] = field(default_factory=list)

    def run(self) -> Outcome:
        """All seven steps; stopped at any moment, the next run goes on from what is on disk."""
        workspace = self._step("1. A workspace from the template support_desk", self._open)
        with workspace:
            workspace.resources = dataclasses.replace(workspace.resources, threads=self.threads)
            self._step("2. Production traffic, imported and redacted", lambda say: self._traffic(workspace, say))
            mode = self._step("3. Grade and triage", lambda say: self._triage(workspace, say))
            self._step(f"4. Label {mode.category}", lambda say: _label(workspace, mode.category, say))
            self._step("5. Commit a dataset version", lambda say: _dataset(workspace, say))
            runs = self._step("6. Evaluate on the held-out suite", lambda say: self._evaluate(workspace, say))
            return self._decide(workspace, *runs)

    def _step(self, title: str, work: Callable[[Say], Result]) -> Result:
        start, lines = self.stopwatch(), list[str]()
        result = work(lines.append)
        step = Step(title=title, lines=tuple(lines), seconds=self.stopwatch() - start)
        self.steps.append(step)
        self.on_step(step)
        return result

    def _open(self, say: Say) -> Workspace:
        if (self.folder / CONFIG_FILE).exists():
            say(f"{self.folder} is there: going on with it")
            return Workspace.open(self.folder)
        workspace = Workspace.init(self.folder)
        if self.is_recorded:
            use_recordings(self.folder)
            say("RECORDED answers: targets/ read what the model said before, from recordings/")
        say(f"made {self.folder}")
        return workspace

    def _traffic(self, workspace: Workspace, say: Say) -> None:
        prompts = read_prompts(self.folder / "prompts" / "production.jsonl")
        target, log = workspace.definitions.target("baseline"), self.folder / "logs" / "production.jsonl"
        log.parent.mkdir(exist_ok=True)
        with self.progress("the live assistant answers", len(prompts)) as advance:
            pace = Pace(concurrency=OPTIONS.concurrency, advance=advance)
            report = asyncio.run(generate(target, prompts, log, workspace.resources, pace))
        say(f"{report.num_answered} answers generated now, {report.num_skipped} were in {log.name} already")
        ingested = workspace.traces.import_file(log)
        say(f"{ingested.num_added} traces added; personal data replaced in {ingested.num_redacted}")

    def _triage(self, workspace: Workspace, say: Say) -> FailureMode:
        with self.progress("grading traces", workspace.traces.count()) as advance:
            modes = workspace.traces.triage(advance)
        if not modes:
            raise NotFoundError("no trace failed, so there is nothing to repair; make the prompts harder")
        for mode in modes[:MODES_SHOWN]:
            low, high = mode.interval
            say(f"{mode.severity} {mode.category}: {mode.num_traces} of {mode.num_total} [{low:.2f}, {high:.2f}]")
        # The ranking is by severity; labels help most where most traces fail.
        return max(modes, key=lambda mode: mode.num_traces)

    def _evaluate(self, workspace: Workspace, say: Say) -> tuple[str, str]:
        total = len(workspace.definitions.suite(SUITE).cases)
        runs: list[str] = []
        for target in ("baseline", "candidate"):
            with self.progress(f"{target} on {SUITE}", total) as advance:
                run, _ = workspace.evals.run(SUITE, target, OPTIONS, Advancing(advance))
            if run.finished_at is None:
                raise ConflictError(f"{run.id} did not finish; run the same command again to go on")
            say(f"{target}: {run.id}")
            runs.append(run.id)
        return runs[0], runs[1]

    def _decide(self, workspace: Workspace, baseline: str, candidate: str) -> Outcome:
        def work(say: Say) -> Outcome:
            for metric in workspace.definitions.suite(SUITE).graders:
                found = workspace.evals.compare(baseline, candidate, metric)
                say(f"{metric}: {_mean(found.baseline_mean)} → {_mean(found.candidate_mean)} (n = {found.n})")
            verdict = workspace.gates.decide(baseline, candidate, "release")
            html, markdown = workspace.gates.write_report(str(verdict.id))
            counts = workspace.lineage(str(verdict.id)).counts
            say("lineage back from the verdict: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
            return Outcome(
                verdict=verdict,
                report_html=str(html),
                report_markdown=str(markdown),
                workspace=str(self.folder),
                audit=workspace.verify_audit(),
                steps=(),
            )

        outcome = self._step("7. Compare, decide, report", work)
        return dataclasses.replace(outcome, steps=tuple(self.steps))


def use_recordings(folder: Path) -> None:
    """Make the workspace's targets answer from the template's recordings instead of the model."""
    for name in ("baseline", "candidate"):
        path = folder / "targets" / f"{name}.yaml"
        recorded = f'{{kind: replay, path: recordings/{name}.jsonl, model: "{MODEL}, recorded"}}'
        written = path.read_text(encoding="utf-8")
        write_text(path, written.replace(f"{{kind: local, model: {MODEL}}}", recorded))


def _label(workspace: Workspace, category: str, say: Say) -> None:
    tasks = workspace.labels.create_tasks(RUBRIC, category)
    report = workspace.labels.import_answers(workspace.folder / "answers" / f"{RUBRIC}.csv", RUBRIC)
    say(f"{len(tasks)} tasks; answers: {report.num_added} added, {report.num_already_there} were there")
    agreement = workspace.labels.agreement(RUBRIC)
    if agreement.value is not None and agreement.interval is not None:
        low, high = agreement.interval
        say(
            f"Krippendorff's alpha {agreement.value:.2f} [{low:.2f}, {high:.2f}], {agreement.num_annotators} annotators"
        )
    resolutions = workspace.labels.resolve(RUBRIC)
    unresolved = [one.result.item for one in resolutions if not isinstance(one.result, Label)]
    say(f"{len(resolutions) - len(unresolved)} labels; unresolved: {', '.join(unresolved) or 'none'}")
    path = workspace.evals.create_cases("regression", SUITE, RUBRIC, category, HELD_OUT_SHARE)
    say(f"a quarter of the conversations became eval cases: {path.name}")


def _dataset(workspace: Workspace, say: Say) -> None:
    built = workspace.datasets.build(SUITE)
    if isinstance(built.outcome, Refused):
        raise ConflictError(built.outcome.reason)
    manifest = built.outcome.manifest
    say(f"{built.outcome.id}: {manifest.kinds}, {manifest.splits}; {len(manifest.checks)} checks passed")
    for exporter in ("trl_sft", "trl_preference"):
        exported = workspace.datasets.export(
            built.outcome.id, exporter, workspace.folder / "exports" / f"{exporter}.jsonl"
        )
        say(f"exports/{exporter}.jsonl: {exported.num_written} rows")


def _mean(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"
