"""The test and interval that a gate decides graded or clustered scores by: it asks what may be unseen.

Student's t and the bootstrap know only the values seen. Where one candidate answer in fifty is a disaster and the
sample shows none, both are sure of what they cannot know. This bound adds to the values seen one more, the worst that
the scale allows, and gives all of them random weights (Dirichlet): its share falls as 1/n, so that for many cases the
bound is Student's, and for few it is as careful as the data demand. For values 0 and 1 it is Clopper-Pearson.

Source: Gaffke (2005), Three test statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative
variable; Learned-Miller & Thomas (2019), A new confidence interval for the mean of a bounded random variable. That it
never misses more often than it says is proved for values of two kinds and conjectured for all; no counterexample is
known, and `benchmarks/gate_validity.py` enumerates and simulates ours. Clusters are ours: the unit is the cluster's
sum above the supposed mean, and the unseen one is as large as the largest seen.

The chance is computed, not drawn: a weighted sum of exponential variables has a known transform, which is integrated
along the path of steepest descent (Daniels 1954, Annals of Mathematical Statistics 25:631; Lugannani & Rice 1980).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, nextafter, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from preceptor.core.errors import InputError
from preceptor.stats.clustered import cluster_sums
from preceptor.stats.intervals import check_confidence
from preceptor.stats.types import Interval

Numbers = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complexfloating]

NUM_BINS = 100
"""More values are collapsed to the means of so many bins of equal width: the variance lost is below range^2/120,000."""

STEP = 0.125
FURTHEST = 16
NEGLIGIBLE = -34.0
"""Of the logarithm: what is smaller beside the integrand's largest value adds nothing."""

STEEPEST = 0.5
TOLERANCE = 1e-7


@dataclass(frozen=True, kw_only=True)
class BoundedSample:
    """The different units of a sample: `counts` of them have this sum of values and this number of cases.

    `largest` is the number of cases in the largest unit. Counts need not be whole: a sample
    can be scaled to another n.
    """

    counts: Numbers
    totals: Numbers
    sizes: Numbers
    largest: float
    bounds: Interval

    @property
    def n(self) -> float:
        """How many cases."""
        return float(self.counts @ self.sizes)

    @property
    def num_units(self) -> float:
        """How many cases or clusters that are independent of each other."""
        return float(self.counts.sum())

    @property
    def mean(self) -> float:
        """The mean value of a case."""
        return float(self.counts @ self.totals) / self.n

    @property
    def mirrored(self) -> BoundedSample:
        """The same sample with every value's sign changed."""
        bounds = Interval(-self.bounds.high, -self.bounds.low)
        return replace(self, totals=-self.totals, bounds=bounds)

    def scaled(self, n: int) -> BoundedSample:
        """The same shares of the same values among `n` cases."""
        return replace(self, counts=self.counts * (n / self.n))


def bounded_sample(
    values: Sequence[float], bounds: Interval, clusters: Sequence[str | None] | None = None
) -> BoundedSample:
    """The sample's summary; cases that name the same cluster are one unit, those with None stand alone.

    Raises InputError for no values and for a value outside the bounds.
    """
    if not len(values):
        raise InputError("no values; a mean needs at least one")
    numbers = np.asarray(values, dtype=np.float64)
    outside = numbers[(numbers < bounds.low - TOLERANCE) | (numbers > bounds.high + TOLERANCE)]
    if len(outside):
        raise InputError(f"{float(outside[0])!r} lies outside {list(bounds)!r}; name the scale that scores can have")
    sums = cluster_sums(values, clusters)
    counts, totals, sizes = _collapsed(sums.totals, sums.sizes)
    return BoundedSample(counts=counts, totals=totals, sizes=sizes, largest=float(sums.sizes.max()), bounds=bounds)


def bounded_p_above(sample: BoundedSample, value: float) -> float:
    """The p-value of "the true mean is above `value`": falls to .025 with a chance of at most .025 where it is not.

    >>> sample = bounded_sample([0.0] * 183, Interval(-1.0, 1.0))
    >>> round(bounded_p_above(sample, -0.02), 4) == round(0.98**183, 4)
    True
    """
    counts = np.append(sample.counts, 1.0)
    units = np.append(sample.totals - value * sample.sizes, sample.largest * (sample.bounds.low - value))
    return chance_below_zero(counts, units)


def bounded_interval(sample: BoundedSample, confidence: float = 0.95, told_apart: float | None = None) -> Interval:
    """The means that the test does not reject on either side; never of width zero.

    Give the value that a decision hangs on as `told_apart`: the ends are then on the same side
    of it as the test says, to the last digit.

    Each end misses the truth in at most half of what the confidence leaves, so it covers more
    often than it says, the more so for small spread and few cases: at 95 %, 99 % and more of
    samples of 20 to 100 changes with a standard deviation of .1 to .2, and 97.5 to 98.5 % of 500.

    >>> [round(end, 4) for end in bounded_interval(bounded_sample([0.0] * 183, Interval(-1.0, 1.0)))]
    [-0.02, 0.02]
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2
    low, high = _low(sample, tail), -_low(sample.mirrored, tail)
    if told_apart is None:
        return Interval(low, high)
    is_above = bounded_p_above(sample, told_apart) <= tail
    is_below = bounded_p_above(sample.mirrored, -told_apart) <= tail
    low = max(low, nextafter(told_apart, inf)) if is_above else min(low, told_apart)
    high = min(high, nextafter(told_apart, -inf)) if is_below else max(high, told_apart)
    return Interval(low, high)


def chance_below_zero(counts: Numbers, values: Numbers) -> float:
    """Chance that a sum of exponential variables, `counts` of them times each value, is at most 0.

    >>> round(chance_below_zero(np.array([1.0, 1.0]), np.array([1.0, -3.0])), 6)
    0.75
    """
    if values.min() >= 0:
        return 1.0 if values.max() <= 0 else 0.0
    if values.max() <= 0:
        return 1.0
    if counts @ values < 0:
        return 1.0 - _tail(counts, -values)
    return _tail(counts, values)


def _tail(counts: Numbers, values: Numbers) -> float:
    """The same where 0 lies below the expected sum, by integration along a hyperbola through the saddle point."""
    values = values / np.abs(values).max()
    saddle = _saddle(counts, values)
    inverse = values / (1 - saddle * values)
    second = float(counts @ inverse**2) + 1 / saddle**2
    third = float(2 * (counts @ inverse**3)) - 2 / saddle**3
    path = _Path(saddle, 1 / sqrt(second), third / (3 * second * STEEPEST))
    coarse = np.arange(FURTHEST + 1.0)
    logs = _exponent(counts, values, path.at(coarse)).real
    last = int(np.flatnonzero(logs > logs[0] + NEGLIGIBLE)[-1]) + 1
    u = np.arange(0.0, last + STEP / 2, STEP)
    places = path.at(u)
    heights = (np.exp(_exponent(counts, values, places)) / places * path.speed(u)).imag
    return float(min(max(-(heights.sum() - heights[0] / 2) * STEP / np.pi, 0.0), 1.0))


class _Path(NamedTuple):
    """A hyperbola through the saddle point, along which the integrand falls fastest there."""

    saddle: float
    width: float
    bend: float

    def at(self, u: Numbers) -> Complexes:
        """The place after `u` steps; their lengths grow with sinh, so that few reach far."""
        aside = np.sinh(u) * self.width
        root = np.sqrt(1 + (self.bend * aside) ** 2)
        places: Complexes = self.saddle + 1j * aside + STEEPEST * self.bend * aside**2 / (1 + root)
        return places

    def speed(self, u: Numbers) -> Complexes:
        """The change of place with `u`."""
        aside = np.sinh(u) * self.width
        root = np.sqrt(1 + (self.bend * aside) ** 2)
        speeds: Complexes = (1j + STEEPEST * self.bend * aside / root) * np.cosh(u) * self.width
        return speeds


def _exponent(counts: Numbers, values: Numbers, places: Complexes) -> Complexes:
    """The logarithm of the sum's transform."""
    exponents: Complexes = -(np.log(1 - places[:, np.newaxis] * values) @ counts)
    return exponents


class _Slope(NamedTuple):
    """First and second derivative of the exponent on the real axis."""

    first: float
    second: float


def _saddle(counts: Numbers, values: Numbers) -> float:
    """Where the integrand is smallest on the real axis below 0: halving, made fast by Newton's steps."""
    low, high = 1.0 / float(values.min()), 0.0
    at = low / 2
    for _ in range(200):
        slope = _slope(counts, values, at)
        if slope.first > 0:
            high = at
        else:
            low = at
        following = at - slope.first / slope.second
        following = following if low < following < high else (low + high) / 2
        if abs(following - at) <= 1e-6 * abs(at):
            return following
        at = following
    return at


def _slope(counts: Numbers, values: Numbers, at: float) -> _Slope:
    inverse = values / (1 - at * values)
    return _Slope(float(counts @ inverse) - 1 / at, float(counts @ inverse**2) + 1 / at**2)


def _low(sample: BoundedSample, tail: float) -> float:
    bottom, mean = sample.bounds.low, sample.mean
    if mean - bottom <= TOLERANCE:
        return bottom

    def distance(value: float) -> float:
        chance = min(max(bounded_p_above(sample, value), 1e-300), 1 - 1e-15)
        return float(special.ndtri(chance) - special.ndtri(tail))

    near = bottom + 1e-9 * (mean - bottom)
    if distance(near) >= 0:
        return bottom
    return float(optimize.brentq(distance, near, mean, xtol=TOLERANCE))


def _collapsed(totals: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Counts, totals and sizes of the different units; close totals of one size become their mean where many differ."""
    units, counts = np.unique(np.stack([sizes, np.round(totals, 12)]), axis=1, return_counts=True)
    if len(counts) <= NUM_BINS:
        return counts.astype(np.float64), units[1], units[0]
    width = float(totals.max() - totals.min()) / NUM_BINS
    bins = np.floor((totals - totals.min()) / width)
    _, where = np.unique(sizes * (NUM_BINS + 2) + bins, return_inverse=True)
    in_bin = np.bincount(where).astype(np.float64)
    return in_bin, np.bincount(where, weights=totals) / in_bin, np.bincount(where, weights=sizes) / in_bin
