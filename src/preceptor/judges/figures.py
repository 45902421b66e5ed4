"""Shares and means of calibration with their intervals; what cannot be known says why."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.judges.types import Figure
from preceptor.stats.intervals import wilson
from preceptor.stats.means import mean_interval, mean_sample, why_no_interval
from preceptor.stats.types import Interval

UNIT = Interval(0.0, 1.0)


def nothing(reason: str, n: int = 0) -> Figure:
    """No figure, and why."""
    return Figure(value=None, interval=None, n=n, reason=reason)


def share(claims: Sequence[bool], clusters: Sequence[str | None], confidence: float, of_what: str) -> Figure:
    """The share of true claims: Wilson's interval, or a cluster-robust one where cases share a cluster.

    >>> share([True, True, False], [None] * 3, 0.95, "answers").n
    3
    """
    if not claims:
        return nothing(f"no {of_what}")
    sample = mean_sample([float(claim) for claim in claims], clusters)
    if not sample.is_clustered:
        return Figure(value=sample.mean, interval=wilson(sum(claims), len(claims), confidence), n=len(claims))
    return Figure(
        value=sample.mean,
        interval=mean_interval(sample, confidence, UNIT),
        n=len(claims),
        reason=why_no_interval(sample, UNIT),
    )


def mean(
    values: Sequence[float], clusters: Sequence[str | None], confidence: float, bounds: Interval, of_what: str
) -> Figure:
    """The mean with Student's interval (cluster-robust, guarded where nearly all values are equal)."""
    if not values:
        return nothing(f"no {of_what}")
    sample = mean_sample(values, clusters)
    return Figure(
        value=sample.mean,
        interval=mean_interval(sample, confidence, bounds),
        n=len(values),
        reason=why_no_interval(sample, bounds),
    )
