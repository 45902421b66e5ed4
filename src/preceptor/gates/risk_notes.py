"""Say what the evidence itself shows to be a risk, so that nobody has to spot it in a table."""

from __future__ import annotations

from collections.abc import Iterator

from preceptor.core.figures import words
from preceptor.evals.types import Comparison
from preceptor.gates.cost_rows import COST_NAMES
from preceptor.gates.report_types import CoverageRow, ReportEvidence


def risk_notes(evidence: ReportEvidence, coverage: tuple[CoverageRow, ...]) -> tuple[str, ...]:
    """One sentence for each weakness of the evidence, then the notes that were handed in."""
    return (
        *_coverage_notes(coverage),
        *(note for metric, found in _quality(evidence) for note in _pairing_notes(metric, found)),
        *_slice_notes(evidence),
        *_data_notes(evidence),
        *_audit_notes(evidence),
        *_missing_notes(evidence),
        *evidence.risk_notes,
    )


def _quality(evidence: ReportEvidence) -> list[tuple[str, Comparison]]:
    """The comparisons of what graders say, by metric: a cost that is not known puts no release at risk."""
    return [(name, found) for name, found in sorted(evidence.comparisons.items()) if name not in COST_NAMES]


def _coverage_notes(coverage: tuple[CoverageRow, ...]) -> Iterator[str]:
    for row in coverage:
        num_ok = row.counts.get("ok", 0)
        if num_ok < row.num_cases:
            yield (
                f"{row.num_cases - num_ok} of {row.num_cases} cases of the {row.side} gave no full result; "
                "if these are the hard cases, the figures look better than the product is."
            )


def _pairing_notes(metric: str, comparison: Comparison) -> Iterator[str]:
    if comparison.n == 0:
        yield f"No case could be compared on {metric}: {comparison.reason or 'no reason was recorded'}."
        return
    unpaired = comparison.unpaired
    # A case that neither side has a score for (one of another kind) was not lost.
    num_lost = len(set(unpaired.candidate_missing_score) - set(unpaired.baseline_missing_score))
    if num_lost:
        yield f"Cases with a baseline score and no candidate score on {metric}: {num_lost}; they are in no mean."
    num_alone = len(unpaired.only_in_baseline) + len(unpaired.only_in_candidate)
    if num_alone:
        yield f"Cases that only one side has, on {metric}: {num_alone}."


def _slice_notes(evidence: ReportEvidence) -> Iterator[str]:
    comparison = evidence.comparisons.get(evidence.primary)
    worse = [s.name for s in comparison.slices if s.interval and s.interval.high < 0] if comparison else []
    if worse:
        yield f"On {evidence.primary}, the candidate is worse than the baseline in: {', '.join(sorted(worse))}."


def _data_notes(evidence: ReportEvidence) -> Iterator[str]:
    labels = evidence.labels
    if labels and labels.num_unresolved:
        total = labels.num_resolved + labels.num_unresolved
        yield f"Labelled items left unresolved, for want of agreement: {labels.num_unresolved} of {total}."
    for check in evidence.dataset.manifest.checks if evidence.dataset else ():
        if not check.num_checked:
            yield f"The data check {check.check} did not run: {check.reason or 'there were no records'}."
        elif check.findings:
            yield f"The data check {check.check} objects to {len(check.findings)} of {check.num_checked} records."


def _audit_notes(evidence: ReportEvidence) -> Iterator[str]:
    if evidence.audit and evidence.audit.problems:
        yield f"The audit log does not verify; problems found: {len(evidence.audit.problems)}."


def _missing_notes(evidence: ReportEvidence) -> Iterator[str]:
    parts = {
        "baseline": evidence.baseline,
        "candidate": evidence.candidate,
        "comparisons": evidence.comparisons or None,
        "samples": evidence.samples,
        "failure_modes": evidence.failure_modes,
        "labels": evidence.labels,
        "dataset": evidence.dataset,
        "audit": evidence.audit,
    }
    missing = [words(name) for name, part in parts.items() if part is None]
    if missing:
        yield f"Missing from this report, for reasons given in their sections: {', '.join(missing)}."
