"""Sort samples by what became of them, so that the losses are read first."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.gates.report_types import SampleDiff, SampleScore, SortedSamples


def sort_samples(samples: Sequence[SampleDiff], primary: str) -> SortedSamples:
    """Worse, better, not comparable, and the number that stayed as they were.

    The primary metric decides; where it stayed the same, any other metric that fell makes the
    sample worse, then any that rose makes it better. A sample with no pair of primary scores is not
    comparable. Largest change first; ties by case id.
    """
    changes = {sample.case_id: change_of(sample, primary) for sample in samples}
    ordered = sorted(samples, key=lambda sample: (-abs(changes[sample.case_id] or 0.0), sample.case_id))
    return SortedSamples(
        regressed=tuple(s for s in ordered if (changes[s.case_id] or 0.0) < 0),
        improved=tuple(s for s in ordered if (changes[s.case_id] or 0.0) > 0),
        uncompared=tuple(s for s in ordered if changes[s.case_id] is None),
        num_unchanged=sum(change == 0 for change in changes.values()),
    )


def change_of(sample: SampleDiff, primary: str) -> float | None:
    """Candidate minus baseline on the metric that decides; None where the primary metric has no pair.

    With no score under the name `primary` at all, the other metrics decide.

    >>> scores = (SampleScore(metric="exact", baseline=1.0, candidate=0.0),)
    >>> change_of(SampleDiff(case_id="c", input="", baseline_output="", candidate_output="", scores=scores), "exact")
    -1.0
    """
    leading = [score for score in sample.scores if score.metric == primary]
    if any(_change(score) is None for score in leading) or not sample.scores:
        return None
    if leading and (change := _change(leading[0])):
        return change
    others = [change for score in sample.scores if (change := _change(score)) is not None]
    if not leading and not others:
        return None
    fallen = min(others, default=0.0)
    return fallen if fallen < 0 else max(others, default=0.0)


def _change(score: SampleScore) -> float | None:
    if score.baseline is None or score.candidate is None:
        return None
    return score.candidate - score.baseline
