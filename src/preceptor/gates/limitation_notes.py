"""Say what this evidence cannot show, so that nobody reads more into it than there is."""

from __future__ import annotations

from collections.abc import Iterator

from preceptor.core.figures import figure, interval_text
from preceptor.gates.report_types import ReportEvidence
from preceptor.gates.types import JudgeEvidence

FEW_CASES = 100
FEW_IN_A_SLICE = 30
MOST_NAMES = 6


def limitation_notes(evidence: ReportEvidence) -> tuple[str, ...]:
    """One sentence for each limit that the evidence has by its size, its design or its judges."""
    return (
        *_size_notes(evidence),
        *_slice_notes(evidence),
        *_epoch_notes(evidence),
        *(note for metric, judge in sorted(evidence.judges.items()) for note in _judge_notes(metric, judge)),
    )


def _size_notes(evidence: ReportEvidence) -> Iterator[str]:
    comparison = evidence.comparisons.get(evidence.primary)
    if comparison is None or not comparison.n:
        return
    if comparison.interval is not None:
        half = (comparison.interval.high - comparison.interval.low) / 2
        yield (
            f"With {comparison.n} compared cases, the difference on {evidence.primary} is known to about "
            f"±{figure(half)}; smaller changes do not show."
        )
    elif comparison.n < FEW_CASES:
        yield f"Only {comparison.n} cases could be compared on {evidence.primary}, and they give no interval."


def _slice_notes(evidence: ReportEvidence) -> Iterator[str]:
    comparison = evidence.comparisons.get(evidence.primary)
    if comparison is None or not comparison.n:
        return
    if not comparison.slices:
        yield "No slices were compared: a loss in one kind of case can hide in the mean."
        return
    small = sorted(part.name for part in comparison.slices if part.n < FEW_IN_A_SLICE)
    if small:
        names = ", ".join(small[:MOST_NAMES]) + (f" and {len(small) - MOST_NAMES} more" if small[MOST_NAMES:] else "")
        yield f"Slices with fewer than {FEW_IN_A_SLICE} compared cases, where only large losses show: {names}."


def _epoch_notes(evidence: ReportEvidence) -> Iterator[str]:
    if evidence.num_epochs == 1:
        yield "Every case was asked once: how much an answer varies from one asking to the next was not measured."


def _judge_notes(metric: str, judge: JudgeEvidence) -> Iterator[str]:
    if judge.num_labels is None or judge.calibrated_at is None:
        yield f"The judge behind {metric} has not been compared with human labels, so how often it errs is not known."
        return
    agreement = figure(judge.agreement)
    interval = f" {interval_text(judge.agreement_interval)}" if judge.agreement_interval else ""
    yield f"{metric} is a judge's word; its kappa with people is {agreement}{interval}, on {judge.num_labels} labels."
