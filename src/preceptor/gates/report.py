"""Lay out the evidence of a release decision in the order in which a release manager reads it."""

from __future__ import annotations

from preceptor.evals.types import Comparison, SliceComparison
from preceptor.gates.cost_rows import COST_NAMES
from preceptor.gates.headline import headline, most_urgent_first
from preceptor.gates.limitation_notes import limitation_notes
from preceptor.gates.report_types import (
    CoverageRow,
    DeltaRow,
    EvaluatedTarget,
    Fingerprint,
    ReadinessReport,
    ReportEvidence,
    Side,
    SliceTable,
)
from preceptor.gates.risk_notes import risk_notes
from preceptor.gates.signatures import release_state, signature_rows, waiver_rows
from preceptor.gates.sorted_samples import sort_samples

STATUSES = ("ok", "model_error", "infra_error", "grader_error", "skipped")
NO_RESULT = "no result"


def readiness_report(evidence: ReportEvidence) -> ReadinessReport:
    """The report: failed criteria first, the worst slices first, lost samples first.

    Pure: the same evidence gives the same report. What is missing stays missing, with its reason.
    """
    coverage = (*_coverage("baseline", evidence.baseline), *_coverage("candidate", evidence.candidate))
    samples = evidence.samples
    return ReadinessReport(
        title=evidence.title or _title(evidence),
        headline=headline(evidence.verdict),
        criteria=most_urgent_first(evidence.verdict),
        metrics=tuple(
            _metric_row(metric, evidence.comparisons[metric], _margin(evidence, metric))
            for metric in _metrics(evidence)
        ),
        costs=tuple(
            _metric_row(metric, evidence.comparisons[metric], None)
            for metric in COST_NAMES
            if metric in evidence.comparisons
        ),
        slices=tuple(
            _slice_table(metric, evidence.comparisons[metric])
            for metric in _metrics(evidence)
            if evidence.comparisons[metric].slices
        ),
        coverage=coverage,
        samples=None if samples is None else sort_samples(samples, evidence.primary),
        risks=risk_notes(evidence, coverage),
        limitations=(
            *limitation_notes(evidence),
            *evidence.limitations,
            *(evidence.dataset.manifest.notes.limitations if evidence.dataset else ()),
        ),
        waivers=waiver_rows(evidence),
        signatures=signature_rows(evidence),
        release=release_state(evidence),
        fingerprints=_fingerprints(evidence),
        evidence=evidence,
    )


def _title(evidence: ReportEvidence) -> str:
    if evidence.candidate is None or evidence.baseline is None:
        return "Release readiness"
    return f"{evidence.candidate.run.target} against {evidence.baseline.run.target}"


def _metrics(evidence: ReportEvidence) -> list[str]:
    """The primary first; metrics where less is better have a table of their own."""
    found = [metric for metric in evidence.comparisons if metric not in COST_NAMES]
    return sorted(found, key=lambda metric: (metric != evidence.primary, metric))


def _margin(evidence: ReportEvidence, metric: str) -> float | None:
    """The largest loss that a criterion on this metric accepts; the strictest where several do."""
    margins = [
        float(margin)
        for result in evidence.verdict.criteria
        if (result.metric or evidence.primary) == metric
        and isinstance(margin := result.settings.get("margin"), (int, float))
    ]
    return min(margins, default=None)


def _metric_row(metric: str, comparison: Comparison, margin: float | None) -> DeltaRow:
    return DeltaRow(
        name=metric,
        n=comparison.n,
        baseline_mean=comparison.baseline_mean,
        candidate_mean=comparison.candidate_mean,
        difference=comparison.difference,
        interval=comparison.interval,
        confidence=comparison.confidence,
        p_value=comparison.p_value,
        test=comparison.test,
        margin=margin,
        num_better=comparison.improved,
        num_worse=comparison.regressed,
        reason=comparison.reason,
    )


def _slice_table(metric: str, comparison: Comparison) -> SliceTable:
    rows = sorted(comparison.slices, key=lambda part: (part.difference, part.name))
    return SliceTable(metric=metric, rows=tuple(_slice_row(part, comparison.confidence) for part in rows))


def _slice_row(part: SliceComparison, confidence: float) -> DeltaRow:
    return DeltaRow(
        name=part.name,
        n=part.n,
        baseline_mean=part.baseline_mean,
        candidate_mean=part.candidate_mean,
        difference=part.difference,
        interval=part.interval,
        confidence=confidence,
        p_value=part.p_value,
        test=part.test,
        reason=part.reason,
    )


def _coverage(side: Side, target: EvaluatedTarget | None) -> tuple[CoverageRow, ...]:
    if target is None:
        return ()
    given = dict(target.coverage)
    others = sorted(set(given) - set(STATUSES))
    counts = {status: given.get(status, 0) for status in (*STATUSES, *others)}
    counts[NO_RESULT] = max(0, target.run.num_cases - sum(counts.values()))
    return (CoverageRow(side=side, target=target.run.target, num_cases=target.run.num_cases, counts=counts),)


def _fingerprints(evidence: ReportEvidence) -> tuple[Fingerprint, ...]:
    found = [("gate policy", evidence.verdict.policy_hash)]
    if evidence.candidate:
        identity = evidence.candidate.run.identity
        found += [
            ("suite cases", identity.cases),
            ("suite graders", identity.graders),
            ("candidate target", identity.target),
        ]
    if evidence.baseline:
        found.append(("baseline target", evidence.baseline.run.identity.target))
    if evidence.dataset:
        found.append(("dataset version", evidence.dataset.id))
    return tuple(Fingerprint(name=name, hash=text or "not recorded") for name, text in found)
