"""An answer of the candidate costs, on the average, no more than the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import ScorePair, name_some, pair_scores
from preceptor.evals.types import ScoreRow
from preceptor.gates.at_most import BOUNDED, STUDENT, AtMost, Ceiling, mean_at_most
from preceptor.gates.cost_ratio import cost_ratio_interval
from preceptor.gates.parts import said, worst
from preceptor.gates.types import COST_METRIC, CriterionResult, Evidence, SliceResult
from preceptor.stats.intervals import check_confidence
from preceptor.stats.types import Interval

MIN_CASES = 50


@dataclass(frozen=True, kw_only=True)
class CostBudget:
    """The candidate's mean cost of a case is at most `maximum` dollars, and at most `max_ratio` times the baseline's.

    Pass: the whole interval of the mean is at or below the budget. Fail: it is above. The ratio is
    judged on the pairs: the mean of candidate minus `max_ratio` times baseline must not be above
    0 (Fieller's interval of the ratio). `highest` is the most that one case can cost (its token limits at the
    provider's prices): with it the chance that a mean above the budget passes is at most 2.5 % at .95. Without it no
    test can promise that, as rare dear cases may be unseen: Student's interval then needs 50 cases and passes a
    mean at the budget in 5 % (costs as a lognormal with sigma .5) to 10 % (sigma 1) of runs of 50 (simulated). A
    case without a cost makes a pass inconclusive, unless `allow_missing`.

    >>> from preceptor.evals.types import ScoreRow
    >>> rows = [ScoreRow(id=str(case), score=0.002 + case / 100_000) for case in range(100)]
    >>> evidence = Evidence(baseline={}, candidate={"run.cost": rows}, primary="score")
    >>> CostBudget(maximum=0.003).judge(evidence).verdict
    'pass'
    """

    version: ClassVar[int] = 1

    maximum: float | None = None
    max_ratio: float | None = None
    highest: float | None = None
    confidence: float = 0.95
    allow_missing: bool = False
    metric: str | None = None

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if self.maximum is None and self.max_ratio is None:
            raise InputError("write maximum (dollars a case), max_ratio (times the baseline's cost), or both")
        for name in ("maximum", "max_ratio", "highest"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise InputError(f"{name} is {value!r}; write a number above 0")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or COST_METRIC
        pairs, unpaired = pair_scores(evidence.baseline.get(metric, ()), evidence.candidate.get(metric, ()))
        parts: list[SliceResult] = []
        if self.maximum is not None:
            rows = [row for row in evidence.candidate.get(metric, ()) if row.score is not None]
            missing = (*unpaired.only_in_baseline, *unpaired.candidate_missing_score)
            unscored = [row.id for row in evidence.candidate.get(metric, ()) if row.score is None]
            parts.append(self._mean(rows, self.maximum, sorted({*missing, *unscored})))
        if self.max_ratio is not None:
            missing = tuple(case for group in vars(unpaired).values() for case in group)
            parts.append(self._ratio(pairs, self.max_ratio, sorted(set(missing))))
        deciding = worst(parts)
        return CriterionResult(
            kind="cost_budget",
            verdict=deciding.verdict,
            value=parts[0].value,
            interval=parts[0].interval,
            n=parts[0].n,
            required_n=deciding.required_n,
            reason=said(parts),
            metric=metric,
            settings=plain_object(self),
            slices=tuple(parts) if len(parts) > 1 else (),
            method=STUDENT if self.highest is None else BOUNDED,
        )

    def _mean(self, rows: Sequence[ScoreRow], maximum: float, missing: Sequence[str]) -> SliceResult:
        costs = [float(row.score) for row in rows if row.score is not None]
        bounds = None if self.highest is None else Interval(0.0, self.highest)
        found = self._at_most(costs, [row.cluster for row in rows], maximum, bounds)
        interval = found.interval
        shown = f"the mean cost is {interval.low:.6g} to {interval.high:.6g}" if interval else found.reason
        return self._part("mean cost", found, f"{shown}; the budget is {maximum:g} a case", missing)

    def _ratio(self, pairs: Sequence[ScorePair], ratio: float, missing: Sequence[str]) -> SliceResult:
        clusters = [pair.cluster for pair in pairs]
        excess = [pair.candidate - ratio * pair.baseline for pair in pairs]
        bounds = None if self.highest is None else Interval(-ratio * self.highest, self.highest)
        found = self._at_most(excess, clusters, 0.0, bounds)
        before, after = sum(pair.baseline for pair in pairs), sum(pair.candidate for pair in pairs)
        interval = cost_ratio_interval(pairs, self.confidence, self.highest) if found.interval else None
        value = after / before if before > 0 else None
        found = found._replace(value=value, interval=interval)
        times = "" if value is None else f"the candidate costs {value:.4g} times what the baseline does"
        shown = f"{times} ({interval.low:.4g} to {interval.high:.4g})" if interval else found.reason or times
        return self._part("cost over the baseline's", found, f"{shown}; the budget is {ratio:g} times", missing)

    def _at_most(
        self, values: Sequence[float], clusters: Sequence[str | None], most: float, bounds: Interval | None
    ) -> AtMost:
        if not values or (bounds is None and len(values) < MIN_CASES):
            fewest = MIN_CASES if bounds is None else 1
            reason = f"{len(values)} cases have a cost; {fewest} are needed"
            return AtMost("inconclusive", None, None, len(values), fewest if values else None, reason, "")
        found = mean_at_most(values, clusters, Ceiling(most=most, confidence=self.confidence, bounds=bounds))
        if found.interval is None and bounds is None:
            return found._replace(reason=f"{found.reason}: set `highest`")
        return found

    def _part(self, name: str, found: AtMost, reason: str, missing: Sequence[str]) -> SliceResult:
        verdict = found.verdict
        if verdict == "pass" and missing and not self.allow_missing:
            without = f"cases without a cost: {len(missing)} ({name_some(missing)})"
            verdict, reason = "inconclusive", f"{without}; without them: {reason}"
        return SliceResult(
            name=name,
            verdict=verdict,
            value=found.value,
            interval=found.interval,
            n=found.n,
            required_n=found.required_n,
            reason=reason,
        )
