"""Bootstrap interval of a mean difference whose values are skewed (BCa)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from preceptor.core.errors import InputError
from preceptor.stats.intervals import check_confidence, normal_quantile
from preceptor.stats.types import Interval

Numbers = npt.NDArray[np.float64]

MAX_GROUPS = 256
BLOCK = 1000


class BootstrapEstimate(NamedTuple):
    """The interval, and the two-sided p-value of a mean of 0 that goes with it; replicates limit how small it gets."""

    interval: Interval
    p_value: float


class _Groups(NamedTuple):
    """Values that lie close together: how many, their mean, their variance within."""

    counts: Numbers
    means: Numbers
    variances: Numbers


def bca_mean(
    values: Sequence[float], rng: np.random.Generator, confidence: float = 0.95, num_replicates: int = 10_000
) -> BootstrapEstimate:
    """Bias-corrected and accelerated bootstrap interval of the mean: follows the skew of the values.

    Efron (1987), JASA 82:171. Equal values are drawn together, as one multinomial count; more
    than 256 different ones are drawn as 256 groups of neighbours, and the spread within a
    group is added as normal noise. At 95 % it covers 91 % of samples of 20 exponential values, 93.5 % of
    50 and 94.5 to 95 % of 100 and more (simulated); no gate decides by it where the scale is known.
    Raises InputError for fewer than two different values:
    resampling them shows no spread, which is not to say that there is none.
    """
    check_confidence(confidence)
    numbers = np.sort(np.asarray(values, dtype=np.float64))
    if len(numbers) == 0 or numbers[0] == numbers[-1]:
        raise InputError("all values are equal; a bootstrap cannot tell how far they could spread")
    centred = numbers - numbers.mean()
    acceleration = float(np.sum(centred**3) / (6 * np.sum(centred**2) ** 1.5))
    means = np.sort(_resampled_means(_groups(numbers), rng, num_replicates))
    bias = _normal_of_share_below(means, float(numbers.mean()))
    z = normal_quantile(confidence)
    ends = []
    for side in (bias - z, bias + z):
        share = float(special.ndtr(bias + side / (1 - acceleration * side)))
        ends.append(float(np.quantile(means, min(max(share, 0.0), 1.0))))
    return BootstrapEstimate(Interval(ends[0], ends[1]), _p_value(means, bias, acceleration))


def _p_value(means: Numbers, bias: float, acceleration: float) -> float:
    """The level at which an end of the interval would lie on 0: the formula for the ends, solved for it."""
    step = _normal_of_share_below(means, 0.0) - bias
    level = float(special.ndtr(step / (1 + acceleration * step) - bias))
    return min(1.0, 2 * min(level, 1 - level))


def _normal_of_share_below(means: Numbers, value: float) -> float:
    below = (np.searchsorted(means, value, "left") + np.searchsorted(means, value, "right")) / 2
    half = 0.5 / len(means)
    return float(special.ndtri(min(max(below / len(means), half), 1 - half)))


def _groups(ordered: Numbers) -> _Groups:
    found, counts = np.unique(ordered, return_counts=True)
    if len(found) <= MAX_GROUPS:
        return _Groups(counts.astype(np.float64), found, np.zeros(len(found)))
    parts = np.array_split(ordered, MAX_GROUPS)
    return _Groups(
        np.array([len(part) for part in parts], dtype=np.float64),
        np.array([part.mean() for part in parts]),
        np.array([part.var() for part in parts]),
    )


def _resampled_means(groups: _Groups, rng: np.random.Generator, num_replicates: int) -> Numbers:
    n = int(groups.counts.sum())
    shares = groups.counts / n
    means: list[Numbers] = []
    for start in range(0, num_replicates, BLOCK):
        drawn = rng.multinomial(n, shares, size=min(BLOCK, num_replicates - start))
        noise = np.sqrt(drawn @ groups.variances) * rng.standard_normal(len(drawn))
        means.append((drawn @ groups.means + noise) / n)
    return np.concatenate(means)
