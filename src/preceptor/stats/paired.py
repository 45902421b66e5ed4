"""The difference of two shares on the same cases: Tango's interval and McNemar's exact test."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import special

from preceptor.core.errors import InputError
from preceptor.stats.intervals import check_confidence, normal_quantile
from preceptor.stats.types import Interval

Counts = TypeVar("Counts", float, npt.NDArray[np.float64])

BISECTIONS = 60


class Flips(NamedTuple):
    """How many cases the candidate gained (wrong before, right now) and lost, of `n` pairs.

    The cases that both got right, or both wrong, say nothing about the difference.
    """

    gained: int
    lost: int
    n: int

    @property
    def difference(self) -> float:
        """Candidate's share minus the baseline's."""
        return (self.gained - self.lost) / self.n

    @property
    def swapped(self) -> Flips:
        """The same pairs seen from the other side."""
        return Flips(self.lost, self.gained, self.n)


def tango_interval(flips: Flips, confidence: float = 0.95) -> Interval:
    """Score interval for candidate minus baseline; has width also where nothing flipped.

    Tango (1998), Statistics in Medicine 17:891. Its ends are the differences at which the
    score statistic is the normal quantile. An approximation: at 95 % it covers 94.5 to 96.5 % of samples
    of 40 pairs with one flip in five, and 98 % and more where fewer than five pairs flip, though not
    evenly on both sides; so a gate decides by the exact test of `exact_paired`.

    >>> [round(end, 3) for end in tango_interval(Flips(gained=1, lost=7, n=21))]
    [-0.517, -0.026]
    """
    check_flips(flips)
    check_confidence(confidence)
    z = normal_quantile(confidence)
    return Interval(_tango_low(flips, z), -_tango_low(flips.swapped, z))


def tango_statistic(gained: Counts, lost: Counts, n: int, difference: float) -> Counts:
    """Standard errors by which the pairs lie above a supposed difference; 0 where neither differs.

    The standard error is the one under that difference (the restricted maximum likelihood
    estimate of Tango, 1998). Falls as `lost` grows.
    """
    distance = gained - lost - n * difference
    error = np.sqrt(np.maximum(_variance(gained, lost, n, difference), 1e-300))
    statistic: Counts = distance / error
    return statistic


def mcnemar_exact_p(flips: Flips) -> float:
    """Chance of flips at least this uneven if gains and losses are equally likely; 1 without flips.

    Two-sided, exact: McNemar (1947), Psychometrika 12:153, with the binomial tail doubled.

    >>> f"{mcnemar_exact_p(Flips(gained=121, lost=59, n=314)):.4g}"
    '4.434e-06'
    """
    check_flips(flips)
    total = flips.gained + flips.lost
    if flips.gained == flips.lost:
        return 1.0
    return min(1.0, 2 * float(special.bdtr(min(flips.gained, flips.lost), total, 0.5)))


def check_flips(flips: Flips) -> None:
    """InputError unless the counts can belong to so many pairs."""
    if flips.n <= 0:
        raise InputError(f"{flips.n!r} pairs; a difference needs at least one")
    if flips.gained < 0 or flips.lost < 0 or flips.gained + flips.lost > flips.n:
        raise InputError(f"{flips.gained!r} gained and {flips.lost!r} lost of {flips.n} pairs is not possible")


def _variance(gained: Counts, lost: Counts, n: int, difference: float) -> Counts:
    """Variance of gained minus lost if the true difference is `difference`."""
    b = (2 * n - gained + lost) * difference - gained - lost
    c = -lost * difference * (1 - difference)
    share_lost = (np.sqrt(np.maximum(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance: Counts = n * (2 * share_lost + difference * (1 - difference))
    return variance


def _tango_low(flips: Flips, z: float) -> float:
    below, above = -1.0, flips.difference
    for _ in range(BISECTIONS):
        middle = (below + above) / 2
        error = np.sqrt(max(_variance(float(flips.gained), float(flips.lost), flips.n, middle), 0.0))
        if flips.gained - flips.lost - flips.n * middle > z * error:
            below = middle
        else:
            above = middle
    return above
