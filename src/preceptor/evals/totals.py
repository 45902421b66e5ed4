"""What a run took so far: answers by status, tokens and dollars, the target's and the judges' apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from preceptor.evals.types import SampleResult
from preceptor.models.types import Usage


@dataclass(kw_only=True)
class Tally:
    """A sum of usages. Unknown figures are counted, and never taken for 0."""

    input_tokens: int = 0
    output_tokens: int = 0
    dollars: float = 0.0
    num_answers: int = 0
    num_without_tokens: int = 0
    num_without_price: int = 0

    def add(self, usage: Usage) -> None:
        """Count one answer."""
        self.num_answers += 1
        if usage.input_tokens is None or usage.output_tokens is None:
            self.num_without_tokens += 1
        else:
            self.input_tokens += usage.input_tokens
            self.output_tokens += usage.output_tokens
        if usage.cost is None:
            self.num_without_price += 1
        else:
            self.dollars += usage.cost

    @property
    def usage(self) -> Usage:
        """The sum; a figure that any answer lacks is None."""
        has_tokens, has_price = not self.num_without_tokens, not self.num_without_price
        return Usage(
            input_tokens=self.input_tokens if has_tokens else None,
            output_tokens=self.output_tokens if has_tokens else None,
            cost=self.dollars if has_price else None,
        )


@dataclass(kw_only=True)
class RunTotals:
    """What a run, or the part of it that is done, came to. Samples read from the cache cost nothing now."""

    primary: str
    target: Tally = field(default_factory=Tally)
    judges: Tally = field(default_factory=Tally)
    by_status: Counter[str] = field(default_factory=Counter)
    num_cached: int = 0
    num_scored: int = 0
    sum_of_scores: float = 0.0

    def add(self, result: SampleResult) -> None:
        """Count one sample."""
        self.by_status[result.status] += 1
        self.num_cached += result.is_cached
        if result.output is not None:
            self.target.add(result.usage)
        for score in result.scores:
            if score.usage != Usage():
                self.judges.add(score.usage)
            if score.metric == self.primary and score.value is not None:
                self.num_scored += 1
                self.sum_of_scores += score.value

    @property
    def mean(self) -> float | None:
        """The mean of the primary metric over the samples that have a score; None for none."""
        return self.sum_of_scores / self.num_scored if self.num_scored else None

    @property
    def dollars(self) -> float:
        """What is known to be paid, target and judges together."""
        return self.target.dollars + self.judges.dollars

    @property
    def tokens(self) -> int:
        """What is known to be used, target and judges together, in and out."""
        both = (self.target, self.judges)
        return sum(tally.input_tokens + tally.output_tokens for tally in both)


def totals_of(results: Iterable[SampleResult], primary: str) -> RunTotals:
    """The totals of these samples.

    >>> from preceptor.evals.types import SampleResult
    >>> done = SampleResult(case_id="a", status="ok", output="yes", usage=Usage(input_tokens=5, output_tokens=1))
    >>> totals_of([done], "score").target.usage
    Usage(input_tokens=5, output_tokens=1, cost=None)
    """
    totals = RunTotals(primary=primary)
    for result in results:
        totals.add(result)
    return totals
