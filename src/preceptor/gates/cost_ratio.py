"""How many times the baseline's mean cost the candidate's is, as an interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from preceptor.evals.pairing import ScorePair
from preceptor.stats.bounded_mean import bounded_p_above, bounded_sample
from preceptor.stats.fieller import ratio_interval
from preceptor.stats.types import Interval

HALVINGS = 30
DOUBLINGS = 20


def cost_ratio_interval(pairs: Sequence[ScorePair], confidence: float, highest: float | None) -> Interval | None:
    """The ratios r for which "mean of candidate - r x baseline is 0" is not rejected on either side.

    By Student's test (Fieller's interval); where the `highest` cost of a case is known, by the test of
    the bounded mean. None where the data do not bound the ratio.
    """
    before, after = [pair.baseline for pair in pairs], [pair.candidate for pair in pairs]
    clusters = [pair.cluster for pair in pairs]
    if highest is None:
        return ratio_interval(after, before, confidence, clusters)
    if not sum(before) > 0:
        return None
    tail, seen = (1 - confidence) / 2, sum(after) / sum(before)

    def p_of(ratio: float, sign: float) -> float:
        excess = [sign * (new - ratio * old) for new, old in zip(after, before, strict=True)]
        ends = sorted((-sign * ratio * highest, sign * highest))
        return bounded_p_above(bounded_sample(excess, Interval(*ends), clusters), 0.0)

    high = _boundary(seen, lambda ratio: p_of(ratio, -1.0) <= tail)
    if high is None:
        return None
    low = _between(seen, 0.0, lambda ratio: p_of(ratio, 1.0) <= tail) if p_of(0.0, 1.0) <= tail else 0.0
    return Interval(low, high)


def _boundary(start: float, is_out: Callable[[float], bool]) -> float | None:
    """The least value above the start that is out, found by doubling; None where there is none in reach."""
    within, tried = start, max(2 * start, 1.0)
    for _ in range(DOUBLINGS):
        if is_out(tried):
            return _between(within, tried, is_out)
        within, tried = tried, 2 * tried
    return None


def _between(within: float, out: float, is_out: Callable[[float], bool]) -> float:
    """Where it goes from within to out, on the side that is out."""
    for _ in range(HALVINGS):
        middle = (within + out) / 2
        if is_out(middle):
            out = middle
        else:
            within = middle
    return out
