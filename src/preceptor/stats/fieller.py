"""The interval of a ratio of two means that were measured on the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from preceptor.core.errors import InputError
from preceptor.stats.clustered import cluster_sums
from preceptor.stats.intervals import check_confidence, t_quantile
from preceptor.stats.types import Interval

MIN_UNITS = 2


def ratio_interval(
    numerators: Sequence[float],
    denominators: Sequence[float],
    confidence: float = 0.95,
    clusters: Sequence[str | None] | None = None,
) -> Interval | None:
    """Fieller's interval of mean numerator over mean denominator; None where the data bound it on no side.

    Fieller (1954), JRSS B 16:175: the ratios r for which Student's test does not reject that
    the mean of numerator - r x denominator is 0. Unlike an interval of the case-wise ratios, it
    says what the total costs. Cases that share a cluster count together (CR1, clusters minus one
    degrees of freedom). None for fewer than two units, and where the denominator's own mean cannot be
    told from 0. Equal ratios in every case give an interval of width zero: they show no spread, which
    is not to say that there is none. Raises InputError for sides of different length.

    >>> [round(end, 4) for end in ratio_interval([1.1, 2.3, 3.1, 4.5], [1.0, 2.0, 3.0, 4.0])]
    [0.9421, 1.2579]
    """
    check_confidence(confidence)
    if len(numerators) != len(denominators):
        raise InputError(f"{len(numerators)} numerators and {len(denominators)} denominators; give one each a case")
    above, below = cluster_sums(numerators, clusters), cluster_sums(denominators, clusters)
    units, n = len(above.sizes), len(numerators)
    if units < MIN_UNITS:
        return None
    means = above.totals.sum() / n, below.totals.sum() / n
    residuals = np.stack([above.totals - above.sizes * means[0], below.totals - below.sizes * means[1]])
    scale = t_quantile(confidence, units - 1) ** 2 * units / (units - 1) / n**2
    (spread_above, together), (_, spread_below) = scale * (residuals @ residuals.T)
    # The roots in r of (mean numerator - r mean denominator)^2 = t^2 x its variance.
    square = float(means[1] ** 2 - spread_below)
    half = float(means[0] * means[1] - together)
    if square <= 0:
        return None
    root = sqrt(max(half**2 - square * float(means[0] ** 2 - spread_above), 0.0))
    return Interval((half - root) / square, (half + root) / square)
