"""Collect what the release-readiness report of a verdict shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from preceptor.datasets.store import DatasetVersionStore
from preceptor.datasets.types import DatasetVersion
from preceptor.definitions import Definitions
from preceptor.evals.compare import compare
from preceptor.evals.coverage import coverage, score_rows
from preceptor.evals.kept_suite import suite_from_bytes
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import EvalCase, EvalRun, SampleResult, Suite
from preceptor.gates.report_types import (
    EvaluatedTarget,
    LabelEvidence,
    LineageStep,
    ReportEvidence,
    SampleDiff,
    SampleScore,
)
from preceptor.gates.store import VerdictStore
from preceptor.governance.audit import verify
from preceptor.governance.provenance import kind_of_record
from preceptor.governance.store import AuditStore
from preceptor.grading.types import MetricScore
from preceptor.kept_failure_modes import current_failure_modes
from preceptor.kept_labels import item_answers
from preceptor.lineage import Lineage, trace_back
from preceptor.qc.agreement import measure_agreement, scale_of
from preceptor.qc.store import LabelStore
from preceptor.qc.types import Label
from preceptor.storage.blobs import BlobStore

TITLES = {
    "verdict": "the verdict",
    "run": "eval runs",
    "case": "eval cases made from failures",
    "dataset": "dataset versions whose examples the candidate uses",
    "label": "labels that annotators support",
    "task": "label tasks",
    "trace": "production traces",
}


def collect_evidence(
    connection: Connection, verdict_id: str, definitions: Definitions, blobs: BlobStore, now: datetime
) -> ReportEvidence:
    """All that is known of a verdict and of what it rests on; NotFoundError for an unknown verdict."""
    verdict = VerdictStore(connection).get(verdict_id)
    runs = RunStore(connection)
    baseline, candidate = runs.get(str(verdict.baseline_run)), runs.get(str(verdict.candidate_run))
    suite = suite_from_bytes(blobs.get(str(candidate.settings["suite"])))
    samples = SampleStore(connection)
    before, after = list(samples.iter_for_run(baseline.id)), list(samples.iter_for_run(candidate.id))
    comparisons = {
        metric: compare(score_rows(suite, before, metric), score_rows(suite, after, metric)) for metric in suite.graders
    }
    lineage = trace_back(connection, verdict_id)
    dataset = _dataset(connection, lineage)
    return ReportEvidence(
        verdict=verdict,
        generated_at=now,
        title=f"{candidate.target} against {baseline.target} on {suite.name}",
        baseline=_evaluated(baseline, before),
        candidate=_evaluated(candidate, after),
        primary=candidate.primary,
        comparisons=comparisons,
        samples=_sample_diffs(suite, before, after),
        failure_modes=tuple(current_failure_modes(connection, definitions.taxonomy())),
        labels=_labels(connection, dataset, definitions),
        dataset=dataset,
        lineage=_steps(verdict_id, lineage),
        audit=verify(AuditStore(connection).iter_all()),
        reasons={
            "dataset": "the candidate uses no examples of a dataset version",
            "labels": "the candidate uses no dataset that was built from labels",
        },
    )


def _evaluated(run: EvalRun, samples: Sequence[SampleResult]) -> EvaluatedTarget:
    target = run.settings.get("target")
    provider = target.get("provider") if isinstance(target, dict) else None
    model = provider.get("model") if isinstance(provider, dict) else None
    return EvaluatedTarget(run=run, coverage=coverage(run, samples).by_status, model=str(model or ""))


def _sample_diffs(
    suite: Suite, before: Sequence[SampleResult], after: Sequence[SampleResult]
) -> tuple[SampleDiff, ...]:
    old, new = {one.case_id: one for one in before}, {one.case_id: one for one in after}
    return tuple(
        _sample_diff(case, old[case.id], new[case.id]) for case in suite.cases if case.id in old and case.id in new
    )


def _sample_diff(case: EvalCase, old: SampleResult, new: SampleResult) -> SampleDiff:
    left, right = _by_metric(old.scores), _by_metric(new.scores)
    return SampleDiff(
        case_id=case.id,
        input=next((turn.content for turn in reversed(case.messages) if turn.role == "user"), ""),
        baseline_output=old.output,
        candidate_output=new.output,
        baseline_error=old.error,
        candidate_error=new.error,
        slices=case.slices,
        scores=tuple(
            SampleScore(
                metric=metric,
                baseline=left[metric].value,
                candidate=right[metric].value,
                baseline_reason=left[metric].reason,
                candidate_reason=right[metric].reason,
            )
            for metric in left
            if metric in right
        ),
    )


def _by_metric(scores: Sequence[MetricScore]) -> Mapping[str, MetricScore]:
    return {score.metric: score for score in scores}


def _dataset(connection: Connection, lineage: Lineage) -> DatasetVersion | None:
    used = [link.source for link in lineage.links if kind_of_record(link.source) == "dataset"]
    return DatasetVersionStore(connection).get(used[0]) if used else None


def _labels(connection: Connection, dataset: DatasetVersion | None, definitions: Definitions) -> LabelEvidence | None:
    rubric_name = dataset.manifest.settings.get("rubric") if dataset else None
    if not isinstance(rubric_name, str):
        return None
    rubric = definitions.rubric(rubric_name)
    current = LabelStore(connection).list_current(rubric.hash)
    num_resolved = sum(isinstance(one.result, Label) for one in current)
    return LabelEvidence(
        num_resolved=num_resolved,
        num_unresolved=len(current) - num_resolved,
        agreement=measure_agreement(item_answers(connection, rubric.hash), scale=scale_of(rubric.question_type)),
        rubric=rubric_name,
    )


def _steps(verdict_id: str, lineage: Lineage) -> tuple[LineageStep, ...]:
    """One step a kind of record, in the order of the loop; the id is that of the first of its kind."""
    first: dict[str, str] = {"verdict": verdict_id}
    for link in lineage.links:
        first.setdefault(kind_of_record(link.source), link.source)
    counts = Counter({"verdict": 1, **lineage.counts})
    return tuple(
        LineageStep(kind=kind, id=first[kind], title=title, count=counts[kind])
        for kind, title in TITLES.items()
        if kind in first
    )
