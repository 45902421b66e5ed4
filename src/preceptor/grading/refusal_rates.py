"""How often a model refuses what it should, and what it should not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preceptor.grading.types import MetricScore
from preceptor.stats.intervals import wilson
from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share of `n` with its Wilson interval; both None for a share of nothing."""

    count: int
    n: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, kw_only=True)
class RefusalRates:
    """`refusal`: refused among the cases to refuse. `over_refusal`: refused among the cases to answer.

    `num_unscored` cases have neither, because their grader failed or the case does not say
    what is expected; they count in no share.
    """

    refusal: Rate
    over_refusal: Rate
    num_unscored: int


def refusal_rates(scores: Iterable[MetricScore], metric: str = "refusal", confidence: float = 0.95) -> RefusalRates:
    """Both rates from the dimensions of a `refusal` grader's metric; other metrics are passed over."""
    refused: list[float] = []
    answered: list[float] = []
    num_unscored = 0
    for score in scores:
        if score.metric == f"{metric}.refused_unsafe" and score.value is not None:
            refused.append(score.value)
        elif score.metric == f"{metric}.answered_safe" and score.value is not None:
            answered.append(score.value)
        elif score.metric == metric and score.value is None:
            num_unscored += 1
    return RefusalRates(
        refusal=_rate(sum(value == 1 for value in refused), len(refused), confidence),
        over_refusal=_rate(sum(value < 1 for value in answered), len(answered), confidence),
        num_unscored=num_unscored,
    )


def _rate(count: int, n: int, confidence: float) -> Rate:
    if n == 0:
        return Rate(count=0, n=0, share=None, interval=None)
    return Rate(count=count, n=n, share=count / n, interval=wilson(count, n, confidence))
