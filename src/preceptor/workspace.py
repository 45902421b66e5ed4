"""The one front door: a workspace, one method a use case, one method one transaction."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from preceptor import settings as environment
from preceptor.core.clock import Clock, system_clock
from preceptor.core.documents import Document, read_document
from preceptor.core.errors import NotFoundError
from preceptor.core.files import write_text
from preceptor.core.ids import canonical_json, content_id
from preceptor.core.json_values import JsonObject
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.datasets.build import build_draft
from preceptor.datasets.commit import commit
from preceptor.datasets.diff import diff
from preceptor.datasets.examples import choose_examples
from preceptor.datasets.export import Exported, export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.from_labels import LeftOut, read_references, records_from_labels
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.store import DatasetVersionStore
from preceptor.datasets.types import DatasetDiff, DatasetVersion, Refused
from preceptor.definitions import Definitions
from preceptor.evals.comparable import require_comparable
from preceptor.evals.compare import compare
from preceptor.evals.coverage import score_rows
from preceptor.evals.from_labels import LabelledTrace, case_text, cases_from_labels, is_held_out, write_suite
from preceptor.evals.identity import identity_of, suite_graders
from preceptor.evals.journal import Journal
from preceptor.evals.kept_suite import suite_bytes, suite_from_bytes
from preceptor.evals.open_run import open_run
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import Comparison, EvalRun, RunOutcome, SampleResult, ScoreRow, Suite
from preceptor.gates.decide import decide
from preceptor.gates.render_html import render_html
from preceptor.gates.render_markdown import render_markdown
from preceptor.gates.report import readiness_report
from preceptor.gates.store import VerdictStore
from preceptor.gates.types import Evidence, Verdict
from preceptor.governance.audit import verify
from preceptor.governance.store import AuditStore, LinkStore
from preceptor.governance.types import AuditReport, Link
from preceptor.grading.grade import grade_all
from preceptor.grading.judges import open_judges
from preceptor.grading.store import TraceScoreStore
from preceptor.grading.trace_sample import sample_of, ungraded
from preceptor.grading.types import MetricScore
from preceptor.kept_findings import current_failure_modes, current_findings
from preceptor.kept_labels import item_answers, labelled_items
from preceptor.labeling.answer_files import read_answer_rows
from preceptor.labeling.assign import assign
from preceptor.labeling.store import AnswerStore, TaskStore
from preceptor.labeling.submit import submit
from preceptor.labeling.types import SubmitReport, Task
from preceptor.lineage import Lineage, trace_back, trace_forward
from preceptor.models.connect import connect
from preceptor.models.provider import Resources
from preceptor.models.target import Target
from preceptor.qc.aggregator import aggregators
from preceptor.qc.agreement import measure_agreement, scale_of
from preceptor.qc.resolve import as_resolutions, resolve
from preceptor.qc.store import LabelStore
from preceptor.qc.types import Agreement, Label, Resolution
from preceptor.readiness import collect_evidence
from preceptor.settings import Settings, load_settings
from preceptor.storage.blobs import BlobStore
from preceptor.storage.database import Database, open_database
from preceptor.storage.migrate import require_current, upgrade
from preceptor.traces.detect import choose_format
from preceptor.traces.ingest import ingest
from preceptor.traces.store import TraceStore
from preceptor.traces.types import IngestReport, Trace
from preceptor.triage.diagnose import diagnose
from preceptor.triage.store import FindingStore
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import FailureMode, Finding
from preceptor.workspace_folder import DEFAULT_TEMPLATE, lay_out

TRACES_AT_ONCE = 500

Advance = Callable[[int], None]


def _nobody(_count: int) -> None:
    """Progress that nobody watches."""


@dataclass
class _Change:
    """One state change under way: its connection, and what the audit log will say of it."""

    connection: Connection
    subject: str = ""
    details: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a recipe gave: a version, or the checks that refused it; and the items that became no record."""

    outcome: DatasetVersion | Refused
    left_out: tuple[LeftOut, ...]


class Workspace:
    """A folder of definitions with its database: everything that a user can do, by name."""

    def __init__(self, settings: Settings, database: Database, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.folder = settings.folder
        self.definitions = Definitions(folder=settings.folder)
        self.blobs = BlobStore(folder=settings.folder / "blobs")
        self.resources = Resources(
            secret=environment.secret,
            cache_folder=settings.cache_folder,
            threads=settings.threads,
            folder=settings.folder,
            clock=clock,
        )

    # The folder

    @classmethod
    def init(cls, folder: Path, template: str = DEFAULT_TEMPLATE, clock: Clock = system_clock) -> Workspace:
        """A new workspace in a new folder, from a template; ConflictError when something is there."""

        def prepare(draft: Path) -> None:
            cls.upgrade(draft)
            with cls.open(draft, clock) as workspace, workspace._change("workspace.init") as change:  # noqa: SLF001 - its own class
                change.subject, change.details = workspace.settings.name, {"template": template}

        lay_out(folder, template, folder.resolve().name, prepare)
        return cls.open(folder, clock)

    @classmethod
    def open(cls, folder: Path, clock: Clock = system_clock) -> Workspace:
        """The workspace in a folder.

        Raises NotFoundError when there is none, ConflictError when its tables are older or newer
        than this program's.
        """
        settings = load_settings(folder)
        database = open_database(settings.database_url.reveal())
        require_current(database)
        return cls(settings, database, clock)

    @classmethod
    def upgrade(cls, folder: Path) -> tuple[str | None, str]:
        """Bring the workspace's tables to this program's; the revisions before and after."""
        database = open_database(load_settings(folder).database_url.reveal())
        try:
            return upgrade(database)
        finally:
            database.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Traces and triage

    def import_traces(
        self, path: Path, format_name: str | None = None, mapping: Path | None = None, *, strict: bool = False
    ) -> IngestReport:
        """Keep the traces of a file, redacted before the first write; what could not be read is in the report."""
        payload_format = choose_format(path, format_name, read_document(mapping) if mapping else None)
        with self._change("traces.import") as change:
            report = ingest(path, payload_format, TraceStore(change.connection), strict=strict)
            change.subject = path.name
            change.details = {
                "format": report.format,
                "read": report.num_read,
                "added": report.num_added,
                "already_there": report.num_already_there,
                "rejected": len(report.rejected),
            }
        return report

    def count_traces(self) -> int:
        """How many traces there are."""
        with self.database.read() as connection:
            return TraceStore(connection).count()

    def list_traces(self, cursor: str | None = None, limit: int = DEFAULT_PAGE_SIZE) -> Page[Trace]:
        """One page of traces."""
        with self.database.read() as connection:
            return TraceStore(connection).list_page(cursor, limit)

    def get_trace(self, trace_id: str) -> tuple[Trace, tuple[MetricScore, ...], list[Finding]]:
        """A trace with its scores and findings; NotFoundError when there is none."""
        with self.database.read() as connection:
            trace = TraceStore(connection).get(trace_id)
            scores = TraceScoreStore(connection).list_for([trace_id])[trace_id]
            return trace, scores, FindingStore(connection).list_for_trace(trace_id)

    def triage(self, advance: Advance = _nobody) -> list[FailureMode]:
        """Grade every trace that is not graded yet, diagnose it, and rank what fails; by the taxonomy.

        Traces are kept a few hundred at a time, so that a stopped triage goes on where it was.
        """
        taxonomy, passages = self.definitions.taxonomy(), self.definitions.passages()
        with self.database.read() as connection:
            ids = [trace.id for trace in TraceStore(connection).iter_all()]
        for start in range(0, len(ids), TRACES_AT_ONCE):
            some = ids[start : start + TRACES_AT_ONCE]
            asyncio.run(self._triage_some(some, taxonomy, passages))
            advance(len(some))
        return self.failure_modes()

    def failure_modes(self) -> list[FailureMode]:
        """The failure modes found by the taxonomy's detectors as they are now, the worst first."""
        taxonomy = self.definitions.taxonomy()
        with self.database.read() as connection:
            return current_failure_modes(connection, taxonomy)

    async def _triage_some(self, ids: list[str], taxonomy: Taxonomy, passages: dict[str, str]) -> None:
        with self.database.read() as connection:
            traces = TraceStore(connection).find_many(ids)
            kept = TraceScoreStore(connection).list_for(ids)
        new: dict[str, tuple[MetricScore, ...]] = {}
        async with open_judges(taxonomy.graders, self.resources) as judges:
            for trace_id, trace in traces.items():
                wanted = ungraded(taxonomy.graders, kept[trace_id])
                new[trace_id] = await grade_all(sample_of(trace, passages), wanted, judges)
        found: list[Finding] = []
        for trace_id, trace in traces.items():
            scores = {score.metric: score for score in (*kept[trace_id], *new[trace_id])}
            found += diagnose(trace, scores, taxonomy.detectors, taxonomy)
        with self._change("triage") as change:
            TraceScoreStore(change.connection).add_many(new)
            num_new = FindingStore(change.connection).add_many(found)
            LinkStore(change.connection).add([Link(made=f.id, relation="found_in", source=f.trace_id) for f in found])
            change.subject = "taxonomy"
            change.details = {"taxonomy_hash": taxonomy.hash, "traces": len(traces), "new_findings": num_new}

    # Labels

    def create_tasks(self, rubric_name: str, category: str | None = None, limit: int | None = None) -> list[Task]:
        """Label tasks of the traces with this failure (of all traces where none is named), in the order of ids."""
        rubric = self.definitions.rubric(rubric_name)
        with self._change("labels.create_tasks") as change:
            traces = list(islice(self._traces_with(change.connection, category), limit))
            if not traces:
                raise NotFoundError(f"no trace has a finding of the category {category!r}; run triage, or name another")
            tasks = assign(traces, rubric.rubric, rubric.hash, self.clock())
            num_new = TaskStore(change.connection).add(tasks)
            asks = [Link(made=t.id, relation="asks_about", source=t.trace_id) for t in tasks if t.trace_id]
            LinkStore(change.connection).add(asks)
            self._keep(self.definitions.document("rubrics", rubric_name))
            change.subject = rubric_name
            change.details = {"rubric_hash": rubric.hash, "category": category, "tasks": len(tasks), "new": num_new}
        return tasks

    def import_answers(self, path: Path, rubric_name: str) -> SubmitReport:
        """Keep annotators' answers of a CSV or JSONL file; a row that does not fit is in the report, with its line."""
        rubric = self.definitions.rubric(rubric_name)
        rows = read_answer_rows(path)
        with self._change("labels.import_answers") as change:
            tasks = TaskStore(change.connection).list_for_rubric(rubric.hash)
            existing = [one.answer for one in AnswerStore(change.connection).list_for_rubric(rubric.hash)]
            submission = submit(rows, tasks, existing, rubric.question_type, self.clock())
            AnswerStore(change.connection).add(submission.accepted)
            change.subject = rubric_name
            change.details = {
                "file": path.name,
                "added": submission.report.num_added,
                "already_there": submission.report.num_already_there,
                "rejected": len(submission.report.rejected),
            }
        return submission.report

    def agreement(self, rubric_name: str) -> Agreement:
        """How far the annotators of a rubric agree, by the distance of its question."""
        with self.database.read() as connection:
            return self._agreement_of(connection, rubric_name)

    def resolve(self, rubric_name: str, aggregator_name: str = "majority_vote") -> list[Resolution]:
        """One label an item, or the reason why there is none, ordered by item; kept beside earlier ones."""
        rubric, aggregator = self.definitions.rubric(rubric_name), aggregators.create(aggregator_name)
        with self._change("labels.resolve") as change:
            answers = item_answers(change.connection, rubric.hash)
            tasks = {task.item: task.id for task in TaskStore(change.connection).list_for_rubric(rubric.hash)}
            identity = aggregators.identify(aggregator)
            resolutions = as_resolutions(resolve(answers, aggregator), tasks, identity, self.clock())
            LabelStore(change.connection).add(resolutions)
            LinkStore(change.connection).add(
                [Link(made=one.id, relation="resolved_from", source=one.task_id) for one in resolutions]
            )
            num_labels = sum(isinstance(one.result, Label) for one in resolutions)
            change.subject = rubric_name
            change.details = {
                "aggregator": identity.name,
                "labels": num_labels,
                "unresolved": len(resolutions) - num_labels,
            }
        return resolutions

    # Datasets

    def build_dataset(self, recipe_name: str) -> Built:
        """An immutable version by a recipe, from the labels as they are now; Refused when a check blocks it."""
        recipe = self.definitions.recipe(recipe_name)
        suites = [self.definitions.suite(name) for name in recipe.against]
        cases = [case for suite in suites for case in suite.cases]
        held_out, texts = {case.source_id for case in cases}, {case.id: case_text(case) for case in cases}
        rubric = self.definitions.rubric(recipe.rubric)
        references = read_references(self.folder / recipe.references)
        system = self.definitions.target(recipe.target).system
        with self._change("datasets.commit") as change:
            items = [one for one in labelled_items(change.connection, rubric.hash) if one.trace.id not in held_out]
            made = records_from_labels(items, references, recipe, system)
            draft = build_draft(recipe, made.records, texts, self._agreement_of(change.connection, recipe.rubric))
            outcome = commit(draft, self.folder / "datasets", self.clock)
            change.subject = recipe.name
            if isinstance(outcome, Refused):
                change.details = {"refused": outcome.reason}
                return Built(outcome=outcome, left_out=made.left_out)
            version = DatasetVersionStore(change.connection).add(outcome)
            LinkStore(change.connection).add(
                [Link(made=version.id, relation="built_from", source=one.label_id) for one in items]
            )
            self._keep(self.definitions.document("recipes", recipe_name))
            change.details = {"version": version.id, "records": version.manifest.num_records}
        return Built(outcome=version, left_out=made.left_out)

    def get_dataset(self, name_or_id: str) -> DatasetVersion:
        """A version by its id, or the newest of a name."""
        with self.database.read() as connection:
            return _dataset(connection, name_or_id)

    def list_datasets(self) -> list[DatasetVersion]:
        """Every version."""
        with self.database.read() as connection:
            return DatasetVersionStore(connection).list_versions()

    def diff_datasets(self, before: str, after: str) -> DatasetDiff:
        """What changed from one version to another."""
        return diff(self.get_dataset(before), self.get_dataset(after))

    def export_dataset(self, name_or_id: str, exporter_name: str, path: Path, split: str | None = None) -> Exported:
        """Write a version (or one split of it) in a trainer's format; the file appears whole or not at all."""
        exporter, version = exporters.create(exporter_name), self.get_dataset(name_or_id)
        records = read_version_records(Path(version.folder))
        exported = export((one for one in records if split in {None, one.split}), exporter, path)
        with self._change("datasets.export") as change:
            change.subject = version.id
            change.details = {"exporter": exporter_name, "split": split, "rows": exported.num_written}
        return exported

    # Evaluations

    def create_cases(self, name: str, like: str, rubric_name: str, category: str, share: float = 1.0) -> Path:
        """A suite of labelled production failures, with the graders of the suite `like`; where it lies.

        The label is the wanted value of the field that has the rubric's name. With a `share`
        only that share of the conversations gives cases: leave the rest to training, and name
        this suite in the recipe's `against`.
        """
        rubric, document = self.definitions.rubric(rubric_name), self.definitions.document("suites", like)
        with self._change("evals.create_cases") as change:
            with_failure = {trace.id for trace in self._traces_with(change.connection, category)}
            labelled = [
                LabelledTrace(trace=one.trace, label=one.value, label_id=one.label_id)
                for one in labelled_items(change.connection, rubric.hash)
                if one.trace.id in with_failure and is_held_out(one.trace, share)
            ]
            if not labelled:
                raise NotFoundError(f"no labelled trace fails in {category!r}; label some, or name another category")
            cases = cases_from_labels(labelled, label_field=rubric_name, slice_name=f"failure={category}")
            base = document.value if isinstance(document.value, dict) else {}
            path = write_suite(self.folder / "suites", name, base, cases)
            links = [Link(made=c.id, relation="made_from", source=c.source_id) for c in cases if c.source_id]
            LinkStore(change.connection).add(links)
            change.subject, change.details = name, {"cases": len(cases), "category": category, "like": like}
        return path

    def run_suite(
        self,
        suite_name: str,
        target_name: str,
        *,
        advance: Advance = _nobody,
        again: bool = False,
        concurrency: int = 4,
    ) -> tuple[EvalRun, RunOutcome | None]:
        """Run a suite on a target; an interrupted run of the same cases, graders and target goes on.

        A finished one is returned as it is (with None), unless `again`.
        """
        suite, (target, examples_version) = self.definitions.suite(suite_name), self._prepared(target_name)
        done = None if again else self._finished_run(suite, target)
        if done is not None:
            advance(done.num_cases)
            return done, None
        kept = self.blobs.add(suite_bytes(suite))
        with self._change("evals.start") as change:
            run = open_run(RunStore(change.connection), suite, target, now=self.clock(), suite_blob=kept)
            links = [Link(made=run.id, relation="asked", source=c.id) for c in suite.cases if c.source_id]
            if examples_version:
                links.append(Link(made=run.id, relation="examples_from", source=examples_version))
            LinkStore(change.connection).add(links)
            change.subject, change.details = run.id, {"suite": suite.name, "target": target.name}
        outcome = asyncio.run(self._run(run, suite, target, advance, concurrency))
        if not outcome.is_finished:
            return run, outcome
        with self._change("evals.finish") as change:
            run = RunStore(change.connection).finish(run.id, self.clock())
            change.subject, change.details = run.id, {"asked": outcome.num_asked, "kept": outcome.num_kept}
        return run, outcome

    def list_runs(self, cursor: str | None = None) -> Page[EvalRun]:
        """One page of runs, the newest first."""
        with self.database.read() as connection:
            return RunStore(connection).list_newest(cursor=cursor)

    def get_run(self, run_id: str) -> tuple[EvalRun, list[SampleResult]]:
        """A run with its samples ordered by case; NotFoundError when there is none."""
        with self.database.read() as connection:
            return RunStore(connection).get(run_id), list(SampleStore(connection).iter_for_run(run_id))

    def compare_runs(self, baseline_id: str, candidate_id: str, metric: str | None = None) -> Comparison:
        """Candidate minus baseline on a metric (the suite's primary one); ConflictError for runs of other cases."""
        baseline, candidate = self._comparable(baseline_id, candidate_id)
        name = metric or candidate.primary
        return compare(self._rows(baseline, name), self._rows(candidate, name))

    # Gates

    def decide(self, baseline_id: str, candidate_id: str, policy_name: str) -> Verdict:
        """The verdict of a policy on two finished runs, kept; deciding the same again gives the same record."""
        policy, document = self.definitions.policy(policy_name), self.definitions.document("gates", policy_name)
        baseline, candidate = self._comparable(baseline_id, candidate_id)
        metrics = list(suite_from_bytes(self.blobs.get(str(candidate.settings["suite"]))).graders)
        evidence = Evidence(
            baseline={metric: self._rows(baseline, metric) for metric in metrics},
            candidate={metric: self._rows(candidate, metric) for metric in metrics},
            primary=candidate.primary,
        )
        verdict = dataclasses.replace(decide(evidence, policy), baseline_run=baseline.id, candidate_run=candidate.id)
        verdict = dataclasses.replace(verdict, id=content_id("verdict", verdict), decided_at=self.clock())
        with self._change("gates.decide") as change:
            kept = VerdictStore(change.connection).find(str(verdict.id))
            if kept is None:
                VerdictStore(change.connection).add(verdict)
            sources = {"decided_on_baseline": baseline.id, "decided_on_candidate": candidate.id}
            LinkStore(change.connection).add(
                [Link(made=str(verdict.id), relation=relation, source=run) for relation, run in sources.items()]
            )
            self._keep(document)
            change.subject = str(verdict.id)
            change.details = {"verdict": verdict.verdict, "policy_hash": policy.hash}
        return kept or verdict

    def write_report(self, verdict_id: str, folder: Path | None = None) -> tuple[Path, Path]:
        """The release-readiness report of a verdict, as HTML and as Markdown; where they lie."""
        with self.database.read() as connection:
            evidence = collect_evidence(connection, verdict_id, self.definitions, self.blobs, self.clock())
        report = readiness_report(evidence)
        folder = folder or self.folder / "reports" / verdict_id
        html, markdown = folder / "readiness.html", folder / "readiness.md"
        write_text(html, render_html(report))
        write_text(markdown, render_markdown(report))
        with self._change("gates.report") as change:
            change.subject, change.details = verdict_id, {"html": html.name, "markdown": markdown.name}
        return html, markdown

    # The audit log and provenance

    def verify_audit(self, root: str | None = None) -> AuditReport:
        """What verification of the audit log found, against a root that was kept elsewhere if one is given."""
        with self.database.read() as connection:
            return verify(AuditStore(connection).iter_all(), root)

    def lineage(self, record: str, *, forward: bool = False) -> Lineage:
        """What a record came from, or with `forward` all that came of it."""
        with self.database.read() as connection:
            return trace_forward(connection, record) if forward else trace_back(connection, record)

    # Inside

    @contextmanager
    def _change(self, action: str) -> Iterator[_Change]:
        """One transaction with its audit entry: both are kept or neither is."""
        with self.database.write() as connection:
            change = _Change(connection=connection)
            yield change
            AuditStore(connection).add(
                at=self.clock(),
                actor=self.settings.actor,
                action=action,
                subject=change.subject,
                details=change.details,
            )

    def _keep(self, document: Document) -> None:
        """Keep what a definition said under its hash, so that records which name the hash can be read for ever."""
        self.blobs.add(canonical_json(document.value))

    def _traces_with(self, connection: Connection, category: str | None) -> Iterator[Trace]:
        if category is None:
            yield from TraceStore(connection).iter_all()
            return
        found = [one.trace_id for one in current_findings(connection, self.definitions.taxonomy(), category)]
        traces = TraceStore(connection).find_many(list(dict.fromkeys(found)))
        yield from (traces[trace_id] for trace_id in sorted(traces))

    def _agreement_of(self, connection: Connection, rubric_name: str) -> Agreement:
        rubric = self.definitions.rubric(rubric_name)
        return measure_agreement(item_answers(connection, rubric.hash), scale=scale_of(rubric.question_type))

    def _prepared(self, target_name: str) -> tuple[Target, str | None]:
        """The target with its examples filled in, and the dataset version that they are from."""
        target = self.definitions.target(target_name)
        if target.examples_from is None:
            return target, None
        version = self.get_dataset(target.examples_from.dataset)
        examples = choose_examples(read_version_records(Path(version.folder)), target.examples_from)
        return dataclasses.replace(target, examples=examples), version.id

    def _finished_run(self, suite: Suite, target: Target) -> EvalRun | None:
        with self.database.read() as connection:
            return RunStore(connection).find_finished(identity_of(suite, target))

    async def _run(self, run: EvalRun, suite: Suite, target: Target, advance: Advance, concurrency: int) -> RunOutcome:
        async with (
            connect(target, self.resources) as model,
            open_judges(suite_graders(suite), self.resources) as judges,
            Journal(self.database, run) as journal,
        ):
            advance(len(await journal.read()))
            plan = EvalPlan(suite=suite, target=target, model=model, judges=judges, concurrency=concurrency)
            return await run_suite(plan, journal, lambda _: advance(1))

    def _comparable(self, baseline_id: str, candidate_id: str) -> tuple[EvalRun, EvalRun]:
        with self.database.read() as connection:
            baseline, candidate = RunStore(connection).get(baseline_id), RunStore(connection).get(candidate_id)
        require_comparable(baseline, candidate)
        return baseline, candidate

    def _rows(self, run: EvalRun, metric: str) -> list[ScoreRow]:
        suite = suite_from_bytes(self.blobs.get(str(run.settings["suite"])))
        with self.database.read() as connection:
            return score_rows(suite, SampleStore(connection).iter_for_run(run.id), metric)


def _dataset(connection: Connection, name_or_id: str) -> DatasetVersion:
    store = DatasetVersionStore(connection)
    found = store.find(name_or_id) or store.find_newest(name_or_id)
    if found is None:
        raise NotFoundError(f"no dataset version {name_or_id!r}, and no dataset of that name; build one first")
    return found
