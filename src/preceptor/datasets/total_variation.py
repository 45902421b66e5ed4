"""By how much two samples of classes differ for certain: total variation and a bound from below.

The distance of a sample's shares p from the true ones q, half the sum of |p - q|, is at most, with
probability 1 - a: Weissman, Ordentlich, Seroussi, Verdú & Weinberger, Inequalities for the L1 deviation of the
empirical distribution (HP Labs 2003), sqrt(ln((2^k - 2) / a) / (2 n)) for k classes; and its mean, at most
sqrt((k - 1) / n) / 2 by Cauchy and Schwarz, plus sqrt(ln(1 / a) / (2 n)) by McDiarmid (1989), On the method of
bounded differences. The smaller of the two holds, for neither looks at the shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt


def total_variation(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """Half the sum of the differences of shares, 0 (equal) to 1 (nothing in common): what share must move.

    >>> total_variation({"a": 3, "b": 1}, {"a": 1, "b": 3})
    0.5
    """
    n, m = sum(first.values()), sum(second.values())
    values = sorted(first.keys() | second.keys())
    return sum(abs(first.get(value, 0) / n - second.get(value, 0) / m) for value in values) / 2


def total_variation_floor(first: Mapping[str, int], second: Mapping[str, int], confidence: float = 0.95) -> float:
    """What the true distance is at least, with this confidence; 0 where the samples are too small to tell.

    >>> round(total_variation_floor({"a": 800, "b": 200}, {"a": 200, "b": 800}), 3)
    0.506
    """
    num_classes = len(first.keys() | second.keys())
    tail = (1 - confidence) / 2
    reach = sum(_reach(num_classes, sum(counts.values()), tail) for counts in (first, second))
    return max(0.0, total_variation(first, second) - reach)


def _reach(num_classes: int, n: int, tail: float) -> float:
    if num_classes < 2:  # noqa: PLR2004 - one class holds all of every sample
        return 0.0
    # ln(2^k - 2) without the power, which has no end.
    power = log(2) if num_classes == 2 else num_classes * log(2) + log(1 - 2 ** (1 - min(num_classes, 1000)))  # noqa: PLR2004 - two classes
    return min(sqrt((power - log(tail)) / (2 * n)), sqrt((num_classes - 1) / n) / 2 + sqrt(-log(tail) / (2 * n)))
