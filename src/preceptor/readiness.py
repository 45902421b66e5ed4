"""Collect what the release-readiness report of a verdict shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from preceptor.datasets.store import DatasetVersionStore
from preceptor.datasets.types import DatasetVersion
from preceptor.definitions import Definitions
from preceptor.evals.compare import compare
from preceptor.evals.coverage import coverage
from preceptor.evals.types import EvalRun, SampleResult
from preceptor.gate_evidence import collect_gate_evidence, run_side
from preceptor.gates.report_types import (
    EvaluatedTarget,
    LabelEvidence,
    LineageStep,
    ReportEvidence,
)
from preceptor.gates.sample_diffs import sample_diffs
from preceptor.gates.sign_offs import missing_sign_offs
from preceptor.gates.store import ReleaseStore, SignOffStore, VerdictStore
from preceptor.governance.audit import verify
from preceptor.governance.provenance import kind_of_record
from preceptor.governance.store import AuditStore
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
    baseline = run_side(connection, blobs, str(verdict.baseline_run))
    candidate = run_side(connection, blobs, str(verdict.candidate_run))
    comparisons = {
        metric: compare(baseline.rows[metric], rows)
        for metric, rows in candidate.rows.items()
        if metric in baseline.rows
    }
    gate_evidence = collect_gate_evidence(connection, baseline, candidate, verdict.policy_name, now)
    sign_offs = SignOffStore(connection).list_for(verdict_id)
    release = ReleaseStore(connection).find(verdict_id)
    lineage = trace_back(connection, verdict_id)
    dataset = _dataset(connection, lineage)
    return ReportEvidence(
        verdict=verdict,
        generated_at=now,
        title=f"{candidate.run.target} against {baseline.run.target} on {candidate.suite.name}",
        baseline=_evaluated(baseline.run, baseline.results),
        candidate=_evaluated(candidate.run, candidate.results),
        primary=candidate.run.primary,
        comparisons=comparisons,
        samples=sample_diffs(candidate.suite, baseline.results, candidate.results),
        failure_modes=tuple(current_failure_modes(connection, definitions.taxonomy())),
        labels=_labels(connection, dataset, definitions),
        dataset=dataset,
        lineage=_steps(verdict_id, lineage),
        audit=verify(AuditStore(connection).iter_all()),
        waivers=gate_evidence.waivers,
        judges=gate_evidence.judges,
        num_epochs=candidate.suite.epochs,
        sign_offs=tuple(sign_offs),
        missing_roles=missing_sign_offs(verdict, sign_offs),
        released_at=release.at if release else None,
        released_by=release.by if release else "",
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
