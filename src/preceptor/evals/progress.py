"""Where a run is, kept up to date as its samples come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from preceptor.evals.types import RunProgress, SampleResult, Suite


class _Counted(NamedTuple):
    """What one sample adds to the sums."""

    status: str
    score: float | None
    input_tokens: int
    output_tokens: int
    dollars: float
    is_cached: bool


@dataclass(kw_only=True)
class ProgressTally:
    """Counts the samples of one run: those that were on disk before, then each new one (`on_done=tally.add`).

    A sample that is told of again, because it was asked or graded again, takes the place of the first.
    """

    num_samples: int
    primary: str
    _counted: dict[tuple[str, int], _Counted] = field(default_factory=dict, repr=False)
    _by_status: Counter[str] = field(default_factory=Counter)
    _num_scored: int = 0
    _score: float = 0.0
    _input_tokens: int = 0
    _output_tokens: int = 0
    _dollars: float = 0.0
    _num_cached: int = 0

    @classmethod
    def of(cls, suite: Suite, kept: Iterable[SampleResult] = ()) -> Self:
        """The tally of a run of the suite, with the samples that it has already."""
        tally = cls(num_samples=len(suite.cases) * suite.epochs, primary=suite.primary)
        for result in kept:
            tally.add(result)
        return tally

    def add(self, result: SampleResult) -> None:
        """Count one sample."""
        key = (result.case_id, result.epoch)
        before = self._counted.get(key)
        if before is not None:
            self._count(before, -1)
        self._counted[key] = counted = self._counted_of(result)
        self._count(counted, 1)

    def view(self, concurrency: int | None = None) -> RunProgress:
        """Where the run is now; `concurrency` is how many requests the provider gets at once, where it is known."""
        return RunProgress(
            num_samples=self.num_samples,
            num_done=len(self._counted),
            by_status={status: count for status, count in sorted(self._by_status.items()) if count},
            num_scored=self._num_scored,
            mean=self._score / self._num_scored if self._num_scored else None,
            input_tokens=self._input_tokens,
            output_tokens=self._output_tokens,
            dollars=self._dollars,
            num_cached=self._num_cached,
            concurrency=concurrency,
        )

    def _counted_of(self, result: SampleResult) -> _Counted:
        usages = [result.usage, *(score.usage for score in result.scores)]
        return _Counted(
            status=result.status,
            score=next((score.value for score in result.scores if score.metric == self.primary), None),
            input_tokens=sum(usage.input_tokens or 0 for usage in usages),
            output_tokens=sum(usage.output_tokens or 0 for usage in usages),
            dollars=sum(usage.cost or 0.0 for usage in usages),
            is_cached=result.is_cached,
        )

    def _count(self, one: _Counted, sign: int) -> None:
        self._by_status[one.status] += sign
        self._num_scored += sign * (one.score is not None)
        self._score += sign * (one.score or 0.0)
        self._input_tokens += sign * one.input_tokens
        self._output_tokens += sign * one.output_tokens
        self._dollars += sign * one.dollars
        self._num_cached += sign * one.is_cached
