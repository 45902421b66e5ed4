"""Spearman's rank correlation, with its interval.

Sources: Spearman (1904); the interval: Bonett & Wright (2000), Psychometrika 65:23 (Fisher's z with the variance
(1 + r^2 / 2) / (n - 3)).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atanh, sqrt, tanh
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from preceptor.core.errors import InputError
from preceptor.stats.intervals import check_confidence, normal_quantile
from preceptor.stats.types import Interval

MIN_PAIRS = 10


class Correlation(NamedTuple):
    """The coefficient and its interval, each None with the reason why there is none."""

    value: float | None
    interval: Interval | None = None
    reason: str = ""


def rank_correlation(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> Correlation:
    """Spearman's correlation of pairs; ties share their mean rank. No interval for fewer than ten pairs, or for ±1.

    >>> round(rank_correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]).value, 6)
    0.8
    """
    check_confidence(confidence)
    if len(first) != len(second):
        raise InputError(f"{len(first)} values and {len(second)}; a correlation is of pairs")
    ranks = _ranks(first), _ranks(second)
    spreads = [float(np.std(rank)) if len(rank) else 0.0 for rank in ranks]
    if min(spreads) == 0:
        return Correlation(None, reason="all values of one side are equal, so there is no order to compare")
    covariance = float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())))
    value = min(max(covariance / (spreads[0] * spreads[1]), -1.0), 1.0)
    if len(first) < MIN_PAIRS:
        return Correlation(value, reason=f"{len(first)} pairs; an interval needs {MIN_PAIRS}")
    if abs(value) > 1 - 1e-12:
        return Correlation(value, reason="the order is the same throughout, which says nothing of how it could vary")
    reach = normal_quantile(confidence) * sqrt((1 + value * value / 2) / (len(first) - 3))
    return Correlation(value, Interval(tanh(atanh(value) - reach), tanh(atanh(value) + reach)))


def _ranks(values: Sequence[float]) -> npt.NDArray[np.float64]:
    _, where, counts = np.unique(np.asarray(values, np.float64), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    means: npt.NDArray[np.float64] = (last - (counts - 1) / 2)[where]
    return means
