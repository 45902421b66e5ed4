"""How many cases a verdict would need, worked out with the very rule that gives the verdict."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, sqrt

from scipy import special

from preceptor.core.errors import InputError
from preceptor.stats.bounded_mean import BoundedSample, bounded_p_above
from preceptor.stats.exact_paired import exact_p_above
from preceptor.stats.intervals import check_confidence, clopper_pearson, normal_quantile
from preceptor.stats.means import MeanSample, mean_interval
from preceptor.stats.paired import Flips
from preceptor.stats.types import Interval

MAX_N = 1_000_000


def required_n_for_flips(flips: Flips, above: float, confidence: float = 0.95) -> int | None:
    """How many pairs, with gains and losses in the shares seen, the exact test needs to show a difference above.

    For non-inferiority, `above` is minus the margin. With one pair fewer it would not be
    shown. Shares are rounded to whole cases against the candidate. None when the difference
    seen is itself not above, or a million pairs are too few.

    >>> required_n_for_flips(Flips(gained=0, lost=0, n=50), above=-0.02)
    183
    """
    if flips.difference <= above:
        return None
    tail = (1 - confidence) / 2

    def is_shown(n: int) -> bool:
        lost = min(n, ceil(flips.lost * n / flips.n - 1e-9))
        gained = min(n - lost, floor(flips.gained * n / flips.n + 1e-9))
        return exact_p_above(Flips(gained, lost, n), above) <= tail

    return smallest_n(is_shown, fails_at=0 if is_shown(flips.n) else flips.n)


def required_n_for_mean(
    sample: MeanSample, above: float, confidence: float = 0.95, bounds: Interval | None = None
) -> int | None:
    """How many cases, with the spread seen, `mean_interval` needs to lie above a value; None as for flips."""
    if sample.mean <= above:
        return None

    def is_shown(n: int) -> bool:
        interval = mean_interval(sample.scaled(n), confidence, bounds)
        return interval is not None and interval.low > above

    return smallest_n(is_shown, fails_at=0 if is_shown(sample.n) else sample.n)


def required_n_for_bounded_mean(sample: BoundedSample, above: float, confidence: float = 0.95) -> int | None:
    """How many cases, with the values seen in the shares seen, the bounded test needs; None as for flips.

    >>> from preceptor.stats.bounded_mean import bounded_sample
    >>> required_n_for_bounded_mean(bounded_sample([0.0] * 50, Interval(-1.0, 1.0)), above=-0.02)
    183
    """
    if sample.mean <= above:
        return None

    def is_shown(n: int) -> bool:
        return bounded_p_above(sample.scaled(n), above) <= (1 - confidence) / 2

    n = round(sample.n)
    return smallest_n(is_shown, fails_at=0 if is_shown(n) else n)


def required_n_for_share(successes: int, n: int, minimum: float, confidence: float = 0.95) -> int | None:
    """How many cases, with the share seen, the exact interval needs to reach a minimum; None as for flips."""
    if successes <= minimum * n:
        return None

    def is_shown(larger: int) -> bool:
        return clopper_pearson(floor(successes * larger / n + 1e-9), larger, confidence).low >= minimum

    return smallest_n(is_shown, fails_at=0 if is_shown(n) else n)


def smallest_n(is_shown: Callable[[int], bool], fails_at: int) -> int | None:
    """An n above `fails_at` that suffices while one fewer does not; None above a million.

    >>> smallest_n(lambda n: n * n >= 50, fails_at=0)
    8
    """
    too_few, enough = fails_at, max(1, fails_at + 1)
    while not is_shown(enough):
        if enough >= MAX_N:
            return None
        too_few, enough = enough, min(2 * enough, MAX_N)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if is_shown(middle):
            enough = middle
        else:
            too_few = middle
    return enough


def sample_size_for_effect(effect: float, variance: float, power: float = 0.8, confidence: float = 0.95) -> int:
    """Pairs needed to find a true mean difference of this size in a share `power` of studies (two-sided z test).

    `variance` is that of one case's difference. Miller (2024), "Adding Error Bars to Evals",
    section 5. Raises InputError for an effect of 0 or a negative variance.

    >>> sample_size_for_effect(effect=0.03, variance=1 / 9)
    969
    """
    if effect == 0 or variance < 0:
        raise InputError(
            f"effect is {effect!r} and variance {variance!r}; the one must not be 0, the other not negative"
        )
    return max(1, ceil(_reach(power, confidence) ** 2 * variance / effect**2 - 1e-9))


def minimal_detectable_effect(n: int, variance: float, power: float = 0.8, confidence: float = 0.95) -> float:
    """The smallest true mean difference that `n` pairs find in a share `power` of studies; units of the score.

    >>> round(minimal_detectable_effect(969, variance=1 / 9), 3)
    0.03
    """
    if n < 1 or variance < 0:
        raise InputError(f"n is {n!r} and variance {variance!r}; write at least one pair and no negative variance")
    return _reach(power, confidence) * sqrt(variance / n)


def _reach(power: float, confidence: float) -> float:
    check_confidence(confidence)
    if not 0 < power < 1:
        raise InputError(f"power is {power!r}; write a share between 0 and 1, such as 0.8")
    return normal_quantile(confidence) + float(special.ndtri(power))
