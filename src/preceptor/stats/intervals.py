"""Confidence intervals of one proportion that never have width zero."""

from __future__ import annotations

from math import sqrt

from scipy import special

from preceptor.core.errors import InputError
from preceptor.stats.types import Interval


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a share: the right mean coverage, also near 0 and 1.

    Wilson (1927), without continuity correction, as method 3 of Newcombe (1998), Statistics in
    Medicine 17:857. At 95 % it covers 95 % of samples on average over the shares, at a single one less:
    by enumeration for n = 20 to 200, 91 to 93 % at worst between .02 and .98, 84 to 87 % nearer to 0 or 1.
    A gate asks `clopper_pearson`. Raises InputError for n = 0, where nothing is known.

    >>> [round(end, 4) for end in wilson(0, 20)]
    [0.0, 0.1611]
    """
    check_counts(successes, n, confidence)
    z = normal_quantile(confidence)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Interval(low, high)


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """The exact interval of a share: covers the truth at least as often as it says, at any n.

    Clopper & Pearson (1934), Biometrika 26:404. Raises InputError for n = 0.

    >>> [round(end, 4) for end in clopper_pearson(0, 512)]
    [0.0, 0.0072]
    """
    check_counts(successes, n, confidence)
    tail = (1 - confidence) / 2
    return Interval(1 - exact_upper_bound(n - successes, n, tail), exact_upper_bound(successes, n, tail))


def exact_upper_bound(successes: int, n: int, tail: float) -> float:
    """The share above which so few successes, or fewer, have a chance below `tail`; 1 when all succeeded.

    >>> round(exact_upper_bound(0, 300, 0.05), 6)
    0.009936
    """
    if successes == n:
        return 1.0
    return float(special.betaincinv(successes + 1, n - successes, 1 - tail))


def normal_quantile(confidence: float) -> float:
    """How many standard errors a two-sided interval reaches: 1.96 for .95."""
    return float(special.ndtri(0.5 + confidence / 2))


def t_quantile(confidence: float, degrees_of_freedom: int) -> float:
    """The same when the spread is estimated from few values (Student)."""
    return float(special.stdtrit(degrees_of_freedom, 0.5 + confidence / 2))


def check_confidence(confidence: float) -> None:
    """InputError unless the confidence is a share that an interval can have."""
    if not 0.5 < confidence < 1:  # noqa: PLR2004 - below one half "confidence" has no meaning
        raise InputError(f"confidence is {confidence!r}; write a share above 0.5 and below 1, such as 0.95")


def check_counts(successes: int, n: int, confidence: float) -> None:
    """InputError unless the counts can belong to a share."""
    check_confidence(confidence)
    if n <= 0:
        raise InputError(f"n is {n!r}; a share of nothing has no interval")
    if not 0 <= successes <= n:
        raise InputError(f"{successes!r} successes of {n}; write a count from 0 to {n}")
