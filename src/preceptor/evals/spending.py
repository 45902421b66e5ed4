"""What a run took in tokens and dollars, its target and its judges apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum
from typing import NamedTuple

from preceptor.evals.types import RunSpending, SampleResult, Spending
from preceptor.models.types import Usage


class _Answer(NamedTuple):
    """What one sample's answers took, and whether all of them were generated before."""

    usage: Usage
    is_cached: bool


def run_spending(results: Iterable[SampleResult]) -> RunSpending:
    """The sums over all results that have an answer, kept ones included: what the run took in all.

    Only what answers say is counted; where some do not, the sum is None and not what is known of it.
    """
    targets: list[_Answer] = []
    judges: list[_Answer] = []
    for result in results:
        if result.output is not None:
            targets.append(_Answer(result.usage, result.is_cached))
        judges += [
            _Answer(score.usage, score.details.get("is_cached") is True)
            for score in result.scores
            if score.usage != Usage()
        ]
    return RunSpending(target=_spending(targets), judges=_spending(judges))


def _spending(answers: Sequence[_Answer]) -> Spending:
    num_in = [answer.usage.input_tokens for answer in answers]
    num_out = [answer.usage.output_tokens for answer in answers]
    dollars = [0.0 if answer.is_cached else answer.usage.cost for answer in answers]
    return Spending(
        num_samples=len(answers),
        num_cached=sum(answer.is_cached for answer in answers),
        input_tokens=_whole(num_in),
        output_tokens=_whole(num_out),
        dollars=None if None in dollars else fsum(cost for cost in dollars if cost is not None),
        reason=_reason({"input tokens": num_in, "output tokens": num_out, "dollars": dollars}),
    )


def _whole(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(count for count in counts if count is not None)


def _reason(figures: dict[str, Sequence[int | None] | Sequence[float | None]]) -> str:
    missing = {name: sum(value is None for value in values) for name, values in figures.items()}
    return "; ".join(
        f"{count} of {len(figures[name])} samples do not say their {name}" for name, count in missing.items() if count
    )
