"""The exact test and interval that a gate decides paired yes/no scores by.

Tango's interval is an approximation: a gate that passes when its lower end is above the margin
passes a candidate that is worse by exactly the margin with a chance of up to 3.6 % where
2.5 % was promised (n = 20, margin .05, by enumeration). This test never exceeds its level, at
any n: it orders the possible results by Tango's statistic, and takes the largest chance of a
result at least as good over every discordance that the supposed difference allows.
Hsueh, Liu & Chen (2001), Biometrics 57:478; the search for the largest chance is limited to a
confidence set of the discordance as in Berger & Boos (1994), JASA 89:1012.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import inf, nextafter, sqrt

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from preceptor.stats.intervals import check_confidence, exact_upper_bound
from preceptor.stats.paired import Flips, check_flips, tango_interval, tango_statistic
from preceptor.stats.types import Interval

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

# The chance, given away beforehand, that the true discordance lies outside the set searched.
OUTSIDE = 1e-5
# Results rarer than this many standard deviations add less than 1e-15 to a chance.
REACH = 8.5
GRID = 41
GRID_CLOSER = 9
AT_ONCE = 8
TOLERANCE = 1e-6
TIE = 1e-9


def exact_p_above(flips: Flips, difference: float) -> float:
    """The largest chance of a result at least this good if the true difference is not above `difference`.

    The p-value of "candidate minus baseline is above `difference`": where that is false, it
    falls to .025 with a chance of at most .025. For non-inferiority, `difference` is minus the
    margin.

    >>> exact_p_above(Flips(0, 0, 182), -0.02) > 0.025 > exact_p_above(Flips(0, 0, 183), -0.02)
    True
    """
    check_flips(flips)
    return _p_above(flips, difference)


# A verdict, its interval and a selftest ask for the same chances again.
@lru_cache(maxsize=16_384)
def _p_above(flips: Flips, difference: float) -> float:
    if difference >= 1:
        return 1.0
    if difference <= -1:
        return 1.0 if flips.lost == flips.n else 0.0
    low, high = _discordance_set(flips, difference)
    if low > high:
        return OUTSIDE
    chance = _Chance(flips, difference, (low, high))
    return min(1.0, _largest(chance, sqrt(low), sqrt(high)) + OUTSIDE)


def exact_interval(flips: Flips, confidence: float = 0.95, told_apart: float | None = None) -> Interval:
    """The differences that the exact test does not reject on either side; never of width zero.

    Each end misses the truth in at most half of what the confidence leaves. Give the
    difference that a decision hangs on as `told_apart`: the ends are then on the same side of
    it as the test says, to the last digit.

    >>> [round(end, 4) for end in exact_interval(Flips(gained=0, lost=0, n=183))]
    [-0.02, 0.02]
    """
    check_flips(flips)
    check_confidence(confidence)
    other = None if told_apart is None else -told_apart
    return Interval(_low(flips, confidence, told_apart), -_low(flips.swapped, confidence, other))


class _Chance:
    """Chance of a result at least as good as the one seen, as a function of the root of the discordance."""

    def __init__(self, flips: Flips, difference: float, searched: tuple[float, float]) -> None:
        self.n = flips.n
        self.difference = difference
        low, high = self._share_gained(np.array(searched)).tolist()
        first, last = _likely(flips.n, low)[0], _likely(flips.n, high)[1]
        self.first = first
        self.gained = np.arange(first, last + 1)
        self.ways = special.gammaln(self.n + 1) - (
            special.gammaln(self.gained + 1) + special.gammaln(self.n - self.gained + 1)
        )
        seen = float(tango_statistic(float(flips.gained), float(flips.lost), flips.n, difference))
        self.most_lost = _most_lost(self.gained, self.n, difference, seen)

    def __call__(self, roots: Numbers) -> Numbers:
        """One chance a root; the sum runs over the counts that matter at any of them."""
        share_gained = self._share_gained(roots * roots)[:, np.newaxis]
        share_lost = np.clip(roots[:, np.newaxis] ** 2 - share_gained, 0.0, 1.0 - share_gained)
        first = _likely(self.n, float(share_gained.min()))[0]
        last = _likely(self.n, float(share_gained.max()))[1]
        here = slice(max(first - self.first, 0), last + 1 - self.first)
        gained, most_lost = self.gained[here], self.most_lost[here]
        among_rest = np.minimum(share_lost / np.maximum(1 - share_gained, 1e-300), 1.0)
        few_lost = special.bdtr(np.maximum(most_lost, 0), self.n - gained, among_rest)
        log_chance = (
            self.ways[here] + special.xlogy(gained, share_gained) + special.xlog1py(self.n - gained, -share_gained)
        )
        chances: Numbers = np.sum(np.exp(log_chance) * np.where(most_lost < 0, 0.0, few_lost), axis=1)
        return chances

    def _share_gained(self, discordance: Numbers) -> Numbers:
        """The most that can be gained while the true difference is not above the supposed one.

        With fewer flips than that difference needs, all of them may be gains.
        """
        most: Numbers = np.minimum(np.maximum((discordance + self.difference) / 2, 0.0), np.minimum(discordance, 1.0))
        return most


def _discordance_set(flips: Flips, difference: float) -> tuple[float, float]:
    """Discordances that fit the flips seen and a true difference of at most the supposed one."""
    discordant = flips.gained + flips.lost
    low = 1 - exact_upper_bound(flips.n - discordant, flips.n, OUTSIDE / 2)
    high = exact_upper_bound(discordant, flips.n, OUTSIDE / 2)
    return max(low, -difference), min(high, 1.0)


def _likely(n: int, share: float) -> tuple[int, int]:
    """The smallest and the largest count that matter."""
    reach = REACH * np.sqrt(n * share * (1 - share)) + REACH**2 / 2
    return max(0, int(n * share - reach)), min(n, int(n * share + reach) + 1)


def _most_lost(gained: Integers, n: int, difference: float, seen: float) -> Integers:
    """For each number gained, the most losses with a statistic still as high as the one seen; -1 for none.

    The statistic falls with each loss, so halving finds the place.
    """
    enough = np.full(gained.shape, -1, dtype=np.int64)
    too_many = n - gained + 1
    while np.any(too_many - enough > 1):
        middle = (enough + too_many) // 2
        statistic = tango_statistic(gained.astype(np.float64), middle.astype(np.float64), n, difference)
        is_enough = statistic >= seen - TIE * max(1.0, abs(seen))
        open_still = too_many - enough > 1
        enough = np.where(open_still & is_enough, middle, enough)
        too_many = np.where(open_still & ~is_enough, middle, too_many)
    return enough


def _largest(chance: Callable[[Numbers], Numbers], low: float, high: float) -> float:
    """The largest chance between two roots of the discordance: on a grid, then twice closer around its best.

    Equal steps of the root, because the spread of a small count grows with its root.
    """
    largest = 0.0
    for num_points in (GRID, GRID_CLOSER, GRID_CLOSER):
        grid = np.linspace(low, high, num_points)
        # A few roots at once share the counts that matter; all at once would sum over many that do not.
        chances = np.concatenate([chance(roots) for roots in np.array_split(grid, num_points // AT_ONCE + 1)])
        best = int(np.argmax(chances))
        largest = max(largest, float(chances[best]))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, num_points - 1)])
    return largest


def _low(flips: Flips, confidence: float, told_apart: float | None) -> float:
    if flips.lost == flips.n:
        return -1.0
    tail = (1 - confidence) / 2
    below, above = -1.0, flips.difference
    near = tango_interval(flips, confidence).low
    aside = (above - near) / 8
    # Tango's end is close: looking on both sides of it first saves half of the halving.
    guesses = [near + aside, near - aside] if told_apart is None else [told_apart, near + aside, near - aside]
    for guess in guesses:
        if below < guess < above and exact_p_above(flips, guess) <= tail:
            below = guess
        elif below < guess < above:
            above = guess

    def distance(value: float) -> float:
        return float(special.ndtri(min(max(exact_p_above(flips, value), 1e-300), 1 - 1e-15)) - special.ndtri(tail))

    if distance(above) <= 0:
        return above
    if distance(below) >= 0:
        return below
    return max(float(optimize.brentq(distance, below, above, xtol=TOLERANCE)), nextafter(below, inf))
