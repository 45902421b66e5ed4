"""Compare two runs on the same cases, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

import numpy as np

from preceptor.evals.difference import Scale, paired_difference, scale_of
from preceptor.evals.pairing import ScorePair, pair_scores
from preceptor.evals.types import Comparison, ScoreRow, SliceComparison
from preceptor.stats.intervals import check_confidence


def compare(
    baseline: Sequence[ScoreRow],
    candidate: Sequence[ScoreRow],
    *,
    confidence: float = 0.95,
    seed: int = 0,
    scale: Scale | None = None,
) -> Comparison:
    """Candidate minus baseline over the cases that both sides scored; a missing score is never 0.

    `paired_difference` says which test fits which scores. `scale` is needed only where scores
    lie outside 0 to 1 and nearly all changes are equal. Intervals of slices are each at the
    confidence asked for, not jointly: the more slices, the more differ by chance. Raises
    InputError as `pair_scores`.

    >>> rows = [ScoreRow(id=str(case), score=1.0) for case in range(20)]
    >>> outcome = compare(rows, rows)
    >>> outcome.difference, [round(end, 3) for end in outcome.interval]
    (0.0, [-0.161, 0.161])
    """
    check_confidence(confidence)
    pairs, unpaired = pair_scores(baseline, candidate)
    if not pairs:
        return Comparison(
            n=0,
            baseline_mean=None,
            candidate_mean=None,
            difference=None,
            interval=None,
            confidence=confidence,
            p_value=None,
            test="none",
            improved=0,
            regressed=0,
            unpaired=unpaired,
            reason="no case has a score on both sides; are these the same cases?",
        )
    rng = np.random.default_rng(seed)
    scale = scale or scale_of(pairs)
    found = paired_difference(pairs, confidence=confidence, rng=rng, scale=scale)
    improved = tuple(pair.id for pair in pairs if pair.change > 0)
    regressed = tuple(pair.id for pair in pairs if pair.change < 0)
    return Comparison(
        n=len(pairs),
        baseline_mean=fmean(pair.baseline for pair in pairs),
        candidate_mean=fmean(pair.candidate for pair in pairs),
        difference=found.value,
        interval=found.interval,
        confidence=confidence,
        p_value=found.p_value,
        test=found.test,
        improved=len(improved),
        regressed=len(regressed),
        unpaired=unpaired,
        slices=_slices(pairs, confidence, rng, scale),
        reason=found.reason,
        improved_ids=improved,
        regressed_ids=regressed,
    )


def _slices(
    pairs: Sequence[ScorePair], confidence: float, rng: np.random.Generator, scale: Scale | None
) -> tuple[SliceComparison, ...]:
    """One comparison a slice, by name; a case may be in several."""
    members: dict[str, list[ScorePair]] = {}
    for pair in pairs:
        for name in pair.slices:
            members.setdefault(name, []).append(pair)
    return tuple(_slice(name, members[name], confidence, rng, scale) for name in sorted(members))


def _slice(
    name: str, pairs: Sequence[ScorePair], confidence: float, rng: np.random.Generator, scale: Scale | None
) -> SliceComparison:
    found = paired_difference(pairs, confidence=confidence, rng=rng, scale=scale)
    return SliceComparison(
        name=name,
        n=len(pairs),
        baseline_mean=fmean(pair.baseline for pair in pairs),
        candidate_mean=fmean(pair.candidate for pair in pairs),
        difference=found.value,
        interval=found.interval,
        p_value=found.p_value,
        test=found.test,
        reason=found.reason,
    )
