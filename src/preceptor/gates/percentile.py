"""A percentile of the cases' figures with an interval that assumes no shape of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from preceptor.evals.types import ScoreRow
from preceptor.gates.share import share_where
from preceptor.stats.types import Interval


def percentile_of(rows: Sequence[ScoreRow], share: float) -> float | None:
    """The smallest figure that at least this share of the scored rows does not exceed; None without any.

    >>> percentile_of([ScoreRow(id=str(case), score=float(case)) for case in range(1, 101)], 0.95)
    95.0
    """
    values = sorted(row.score for row in rows if row.score is not None)
    return float(values[max(0, ceil(share * len(values) - 1e-9) - 1)]) if values else None


def percentile_interval(rows: Sequence[ScoreRow], share: float, confidence: float) -> Interval | None:
    """Between which two of the figures seen the percentile lies; 0 is the least there can be.

    An end is where the interval of the share of cases up to it leaves the wanted share out: for
    independent cases these are the order statistics (David & Nagaraja 2003, Order Statistics, 7.1), for
    cases that share clusters their cluster-robust counterpart. None where even the largest figure is
    no upper bound: p95 needs 72 independent cases, p99 needs 368.
    """
    values = sorted({row.score for row in rows if row.score is not None})

    def is_upper_end(place: int) -> bool:
        interval = share_where(rows, lambda score: score <= values[place], confidence).interval
        return interval is not None and interval.low >= share

    def is_past_lower_end(place: int) -> bool:
        interval = share_where(rows, lambda score: score < values[place], confidence).interval
        return interval is None or interval.high > share

    upper = _first(len(values), is_upper_end)
    if upper is None:
        return None
    past = _first(len(values), is_past_lower_end)
    below = len(values) if past is None else past
    return Interval(float(values[below - 1]) if below else 0.0, float(values[upper]))


def _first(count: int, holds: Callable[[int], bool]) -> int | None:
    """The first place from which on it holds, by halving; None where it never does."""
    if not count or not holds(count - 1):
        return None
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
