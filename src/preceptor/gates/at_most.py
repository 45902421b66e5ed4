"""Whether the mean of the cases' figures is at most so high: a cost, a rise of defects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from preceptor.gates.types import Decision
from preceptor.stats.bounded_mean import BoundedSample, bounded_interval, bounded_p_above, bounded_sample
from preceptor.stats.means import mean_interval, mean_sample, why_no_interval
from preceptor.stats.power import required_n_for_mean, smallest_n
from preceptor.stats.types import Interval

BOUNDED = "bounded mean (Gaffke)"
STUDENT = "Student's t"


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The mean may be `most`; one case's figure lies in `bounds`, where that is known."""

    most: float
    confidence: float
    bounds: Interval | None = None

    def side(self, interval: Interval) -> Decision:
        """Pass when the whole interval is at or below the ceiling, fail when it is above."""
        if interval.high <= self.most:
            return "pass"
        return "fail" if interval.low > self.most else "inconclusive"


class AtMost(NamedTuple):
    """The word and its figures; without an interval, the reason why there is none."""

    verdict: Decision
    value: float | None
    interval: Interval | None
    n: int
    required_n: int | None
    reason: str
    method: str


def mean_at_most(values: Sequence[float], clusters: Sequence[str | None], ceiling: Ceiling) -> AtMost:
    """The answer for at least one case; cases of a cluster count together.

    With bounds, by the test that counts a rare figure at the bound as possible until so many
    cases rule it out: it keeps its level for any figures. Without them, by Student's interval, which keeps
    it only where the figures are not skewed.
    """
    if ceiling.bounds is None:
        return _by_student(values, clusters, ceiling)
    outside = [value for value in values if not ceiling.bounds.low <= value <= ceiling.bounds.high]
    if outside:
        low, high = ceiling.bounds
        reason = f"a case has {outside[0]:.6g}, outside of the {low:.6g} to {high:.6g} that is said to be possible"
        return AtMost("inconclusive", None, None, len(values), None, reason, BOUNDED)
    sample = bounded_sample(values, ceiling.bounds, clusters)
    interval = bounded_interval(sample, ceiling.confidence)
    needed = _required_n(sample.mirrored, ceiling)
    return AtMost(ceiling.side(interval), sample.mean, interval, len(values), needed, "", BOUNDED)


def _by_student(values: Sequence[float], clusters: Sequence[str | None], ceiling: Ceiling) -> AtMost:
    sample = mean_sample(values, clusters)
    interval = mean_interval(sample, ceiling.confidence)
    if interval is None:
        return AtMost("inconclusive", sample.mean, None, sample.n, None, why_no_interval(sample, None), STUDENT)
    mirrored = mean_sample([-value for value in values], clusters)
    needed = required_n_for_mean(mirrored, -ceiling.most, ceiling.confidence)
    return AtMost(ceiling.side(interval), sample.mean, interval, sample.n, needed, "", STUDENT)


def _required_n(mirrored: BoundedSample, ceiling: Ceiling) -> int | None:
    """How many cases with the figures seen would pass; None where more of the same would not."""
    if mirrored.mean <= -ceiling.most:
        return None
    tail, n = (1 - ceiling.confidence) / 2, round(mirrored.n)

    def is_shown(larger: int) -> bool:
        return bounded_p_above(mirrored.scaled(larger), -ceiling.most) <= tail

    return smallest_n(is_shown, fails_at=0 if is_shown(n) else n)
