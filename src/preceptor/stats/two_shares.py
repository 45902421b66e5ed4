"""The difference of two shares of different cases, such as two weeks of traffic: Miettinen and Nurminen's interval.

For the same cases under two models use `paired.py`: pairing removes what makes cases hard or easy.

Sources: Miettinen & Nurminen (1985), Statistics in Medicine 4:213; the restricted estimate in closed form: Farrington
& Manning (1990), Statistics in Medicine 9:1447; Newcombe (1998), Statistics in Medicine 17:873, method 10; Mee (1984),
Biometrics 40:1175.
"""

from __future__ import annotations

from math import acos, cos, pi, sqrt
from typing import NamedTuple

from preceptor.stats.intervals import check_confidence, check_counts, normal_quantile, wilson
from preceptor.stats.types import Interval

BISECTIONS = 60


class Share(NamedTuple):
    """So many successes among `n` cases."""

    successes: int
    n: int

    @property
    def value(self) -> float:
        """The share."""
        return self.successes / self.n


def miettinen_nurminen(first: Share, second: Share, confidence: float = 0.95, *, corrected: bool = True) -> Interval:
    """Score interval of the first share minus the second; has width also where neither had a success.

    With `corrected` False it is Mee's, without the factor N / (N - 1). By enumeration for
    groups of 10 to 60 and shares of .1 to .9 it covers 94.4 % and more of samples at 95 %, and up to
    99 % in groups of 10 with shares near 0 or 1.

    >>> [round(end, 4) for end in miettinen_nurminen(Share(56, 70), Share(48, 80))]
    [0.0528, 0.3382]
    """
    _check(first, second, confidence)
    z = normal_quantile(confidence)
    low = _low_end(first, second, z, corrected=corrected)
    return Interval(low, -_low_end(second, first, z, corrected=corrected))


def newcombe(first: Share, second: Share, confidence: float = 0.95) -> Interval:
    """The first share minus the second by joining their Wilson intervals; simple: it covers 92.8 % and more there.

    >>> [round(end, 4) for end in newcombe(Share(7, 34), Share(1, 34))]
    [0.0189, 0.3404]
    """
    _check(first, second, confidence)
    one, other = wilson(*first, confidence), wilson(*second, confidence)
    difference = first.value - second.value
    down = sqrt((first.value - one.low) ** 2 + (other.high - second.value) ** 2)
    up = sqrt((one.high - first.value) ** 2 + (second.value - other.low) ** 2)
    return Interval(difference - down, difference + up)


def _check(first: Share, second: Share, confidence: float) -> None:
    check_confidence(confidence)
    check_counts(first.successes, first.n, confidence)
    check_counts(second.successes, second.n, confidence)


def _low_end(first: Share, second: Share, z: float, *, corrected: bool) -> float:
    below, above = -1.0, first.value - second.value
    for _ in range(BISECTIONS):
        middle = (below + above) / 2
        error = sqrt(_variance(first, second, middle, corrected=corrected))
        if first.value - second.value - middle > z * error:
            below = middle
        else:
            above = middle
    return above


def _variance(first: Share, second: Share, difference: float, *, corrected: bool) -> float:
    """Variance of the difference seen if the true one is `difference`."""
    one = _restricted(first, second, difference)
    other = min(max(one - difference, 0.0), 1.0)
    total = first.n + second.n
    factor = total / (total - 1) if corrected else 1.0
    return factor * (one * (1 - one) / first.n + other * (1 - other) / second.n)


def _restricted(first: Share, second: Share, difference: float) -> float:
    """The most likely first share if the true difference is `difference`: the root of a cubic, in closed form."""
    ratio = second.n / first.n
    a = 1 + ratio
    b = -(1 + ratio + first.value + ratio * second.value + difference * (ratio + 2))
    c = difference**2 + difference * (2 * first.value + ratio + 1) + first.value + ratio * second.value
    d = -first.value * difference * (1 + difference)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = sqrt(max((b / (3 * a)) ** 2 - c / (3 * a), 0.0))
    if u == 0:
        return min(max(-b / (3 * a), 0.0), 1.0)
    u = u if v > 0 else -u
    angle = (pi + acos(min(max(v / u**3, -1.0), 1.0))) / 3
    return min(max(2 * u * cos(angle) - b / (3 * a), 0.0), 1.0)
