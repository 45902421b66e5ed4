"""The candidate answers nearly every case within the time budget."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import name_some, pair_scores
from preceptor.evals.types import ScoreRow
from preceptor.gates.parts import said, worst
from preceptor.gates.percentile import percentile_interval, percentile_of
from preceptor.gates.share import Bounds, required_n, share_where, within
from preceptor.gates.types import LATENCY_METRIC, CriterionResult, Decision, Evidence, SliceResult
from preceptor.stats.intervals import check_confidence
from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class LatencyBudget:
    """A percentile of the latency is at most `maximum` seconds, and at most `max_ratio` times the baseline's.

    No shape of the latencies is assumed. Pass: the share of cases within the budget is, by its exact
    interval, at least the percentile; this is the order-statistic interval of the percentile (David &
    Nagaraja 2003, Order Statistics, 7.1). So p95 takes 72 cases even when all are within it, and
    p99 takes 368. Fail: the share is below the percentile. For the ratio both percentiles
    have an interval at half of the error each (Bonferroni). A case without a latency makes a pass
    inconclusive, unless `allow_missing`.

    >>> from preceptor.evals.types import ScoreRow
    >>> rows = [ScoreRow(id=str(case), score=1 + case / 100) for case in range(100)]
    >>> evidence = Evidence(baseline={}, candidate={"run.latency_seconds": rows}, primary="score")
    >>> result = LatencyBudget(percentile=95, maximum=2.0).judge(evidence)
    >>> result.verdict, result.value, [round(end, 2) for end in result.interval]
    ('pass', 1.94, [1.89, 1.99])
    """

    version: ClassVar[int] = 1

    percentile: float = 95.0
    maximum: float | None = None
    max_ratio: float | None = None
    confidence: float = 0.95
    allow_missing: bool = False
    metric: str | None = None

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if not 1 <= self.percentile < 100:  # noqa: PLR2004 - percent
            raise InputError(f"percentile is {self.percentile!r}; write one from 1 to below 100, such as 95")
        if self.maximum is None and self.max_ratio is None:
            raise InputError("write maximum (seconds), max_ratio (times the baseline's latency), or both")
        for name in ("maximum", "max_ratio"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise InputError(f"{name} is {value!r}; write a number above 0")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or LATENCY_METRIC
        before, after = evidence.baseline.get(metric, ()), evidence.candidate.get(metric, ())
        unpaired = pair_scores(before, after).unpaired
        unscored = {*unpaired.only_in_baseline, *(row.id for row in after if row.score is None)}
        parts: list[SliceResult] = []
        if self.maximum is not None:
            parts.append(self._but_missing(self._seconds(after, self.maximum), unscored))
        if self.max_ratio is not None:
            every = {case for group in vars(unpaired).values() for case in group}
            parts.append(self._but_missing(self._ratio(before, after, self.max_ratio), every))
        deciding = worst(parts)
        return CriterionResult(
            kind="latency_budget",
            verdict=deciding.verdict,
            value=parts[0].value,
            interval=parts[0].interval,
            n=parts[0].n,
            required_n=deciding.required_n,
            reason=said(parts),
            metric=metric,
            settings=plain_object(self),
            slices=tuple(parts) if len(parts) > 1 else (),
            method="order statistics",
        )

    @property
    def _share(self) -> float:
        return self.percentile / 100

    def _seconds(self, rows: Sequence[ScoreRow], maximum: float) -> SliceResult:
        name = f"p{self.percentile:g} in seconds"
        share = share_where(rows, lambda seconds: seconds <= maximum, self.confidence)
        interval = percentile_interval(rows, self._share, self.confidence)
        wanted = Bounds(self._share, 1.0)
        asked = f"the budget is {maximum:g} s"
        within_budget = f"{len(share.reached)} of {share.n} cases are within it"
        return SliceResult(
            name=name,
            verdict=within(share, wanted),
            value=percentile_of(rows, self._share),
            interval=interval,
            n=share.n,
            required_n=required_n(share, wanted, self.confidence),
            reason=f"p{self.percentile:g} is {_shown(interval)}; {asked}, {within_budget}" if share.n else share.reason,
        )

    def _ratio(self, before: Sequence[ScoreRow], after: Sequence[ScoreRow], ratio: float) -> SliceResult:
        """Both percentiles' intervals at half of the error, and what their ratio can be."""
        each = 1 - (1 - self.confidence) / 2
        baseline = percentile_interval(before, self._share, each)
        candidate = percentile_interval(after, self._share, each)
        values = percentile_of(before, self._share), percentile_of(after, self._share)
        name = f"p{self.percentile:g} over the baseline's"
        num_scored = sum(row.score is not None for row in after)
        if baseline is None or candidate is None or not baseline.low > 0:
            reason = f"too few latencies to bound p{self.percentile:g} on both sides"
            return SliceResult(
                name=name, verdict="inconclusive", value=None, interval=None, n=num_scored, reason=reason
            )
        interval = Interval(candidate.low / baseline.high, candidate.high / baseline.low)
        verdict: Decision = "pass" if interval.high <= ratio else "fail" if interval.low > ratio else "inconclusive"
        return SliceResult(
            name=name,
            verdict=verdict,
            value=values[1] / values[0] if values[0] and values[1] is not None else None,
            interval=interval,
            n=num_scored,
            reason=f"p{self.percentile:g} is {interval.low:.3g} to {interval.high:.3g} times the baseline's; "
            f"the budget is {ratio:g} times",
        )

    def _but_missing(self, part: SliceResult, missing: Collection[str]) -> SliceResult:
        """The part, inconclusive where it passes without some of the cases."""
        if part.verdict != "pass" or not missing or self.allow_missing:
            return part
        without = f"cases without a latency: {len(missing)} ({name_some(sorted(missing))})"
        return replace(part, verdict="inconclusive", reason=f"{without}; without them: {part.reason}")


def _shown(interval: Interval | None) -> str:
    if interval is None:
        return "not bounded from above by so few cases"
    return f"{interval.low:.3g} to {interval.high:.3g} s"
