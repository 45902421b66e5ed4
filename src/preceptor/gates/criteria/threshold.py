"""The candidate's own mean reaches a minimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import ClassVar, NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import name_some, pair_scores
from preceptor.evals.types import ScoreRow
from preceptor.gates.corrected import LABELS_ONLY, METHOD, UNIT, Correction, correct, judged_scores, num_labelled
from preceptor.gates.difference import check_settings
from preceptor.gates.judge_rules import why_not_judged, why_too_few_labels
from preceptor.gates.types import CriterionResult, Decision, Evidence, JudgeEvidence
from preceptor.stats.bounded_mean import BoundedSample, bounded_interval, bounded_sample
from preceptor.stats.intervals import clopper_pearson
from preceptor.stats.means import mean_interval, mean_sample, why_no_interval
from preceptor.stats.power import required_n_for_bounded_mean, required_n_for_mean, required_n_for_share
from preceptor.stats.types import Interval


class _Estimate(NamedTuple):
    value: float | None
    interval: Interval | None
    required_n: int | None
    reason: str
    method: str


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """The candidate's mean score is at least `minimum`, whatever the baseline scored.

    Pass: the whole interval of the mean is at or above the minimum. Fail: it is below. Scores 0
    and 1 of independent cases have the exact interval of a share (Clopper-Pearson), others
    on a known scale, or in clusters, one that asks what may be unseen (`stats/bounded_mean.py`), and on an
    unknown scale Student's. What a judge scored is corrected by human labels of the candidate's
    answers, as for `non_inferiority`. Cases without a candidate score make a pass inconclusive,
    unless `allow_missing`: leaving out hard cases is no way to reach a minimum.

    >>> rows = {"score": [ScoreRow(id=str(case), score=1.0) for case in range(36)]}
    >>> Threshold(minimum=0.9).judge(Evidence(baseline={}, candidate=rows, primary="score")).verdict
    'pass'
    """

    version: ClassVar[int] = 1

    minimum: float
    confidence: float = 0.95
    metric: str | None = None
    allow_missing: bool = False
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.minimum):
            raise InputError(f"minimum is {self.minimum!r}; write a number in the score's own units")
        check_settings(self.confidence, self.scale)

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        rows = evidence.candidate.get(metric, ())
        unpaired = pair_scores(evidence.baseline.get(metric, ()), rows).unpaired
        missing = [*unpaired.only_in_baseline, *(row.id for row in rows if row.score is None)]
        scored = [row for row in rows if row.score is not None]
        if not scored:
            return self._result(metric, "inconclusive", 0, _nothing(f"no scores of {metric!r}"))
        estimate = self._estimate(evidence, metric, scored)
        verdict = self._verdict(estimate.interval)
        if verdict == "pass" and missing and not self.allow_missing:
            reason = f"cases without a score: {len(missing)} ({name_some(missing)}); without them: {estimate.reason}"
            return self._result(metric, "inconclusive", len(scored), estimate._replace(reason=reason))
        added = unpaired.only_in_candidate if evidence.baseline.get(metric) else ()
        if verdict == "pass" and added and not self.allow_missing:
            reason = f"cases that the baseline has not: {len(added)} ({name_some(added)}); with them: {estimate.reason}"
            return self._result(metric, "inconclusive", len(scored), estimate._replace(reason=reason))
        return self._result(metric, verdict, len(scored), estimate)

    def _verdict(self, interval: Interval | None) -> Decision:
        if interval is None:
            return "inconclusive"
        return "pass" if interval.low >= self.minimum else "fail" if interval.high < self.minimum else "inconclusive"

    def _estimate(self, evidence: Evidence, metric: str, rows: Sequence[ScoreRow]) -> _Estimate:
        judge, is_corrected = evidence.judges.get(metric), evidence.judge_rules.correction == "ppi"
        barred = why_not_judged(evidence, metric)
        if barred:
            return _nothing(barred)
        if judge is not None and is_corrected:
            return self._corrected(judge, rows)
        found = self._uncorrected(rows)
        return found if judge is None else found._replace(method=f"{found.method}, judge not corrected")

    def _corrected(self, judge: JudgeEvidence, rows: Sequence[ScoreRow]) -> _Estimate:
        labels = judge.candidate_labels
        cases = judged_scores(rows, labels)
        if all(row.id in labels for row in rows):
            found = self._uncorrected([replace(row, score=labels[row.id]) for row in rows])
            return found._replace(method=f"{found.method}, {LABELS_ONLY}")
        why = why_too_few_labels(num_labelled(cases), len(cases))
        if not why and not all(0 <= case.score <= 1 for case in cases):
            why = "human labels are from 0 to 1 and some of the judge's scores are not, so they cannot correct them"
        return _nothing(why) if why else self._of_correction(correct(cases, self.confidence, UNIT))

    def _of_correction(self, correction: Correction) -> _Estimate:
        estimate, interval, why = correction.found
        needed = correction.required_n(self.minimum)
        reason = why if interval is None else self._reason(interval, needed)
        return _Estimate(estimate.value, interval, needed, f"{reason}; {correction.said}", METHOD)

    def _uncorrected(self, rows: Sequence[ScoreRow]) -> _Estimate:
        scores = [float(row.score) for row in rows if row.score is not None]
        sample = mean_sample(scores, [row.cluster for row in rows])
        if not sample.is_clustered and all(score in (0, 1) for score in scores):
            successes = scores.count(1)
            interval = clopper_pearson(successes, len(scores), self.confidence)
            needed = required_n_for_share(successes, len(scores), self.minimum, self.confidence)
            return _Estimate(sample.mean, interval, needed, self._reason(interval, needed), "Clopper-Pearson")
        is_unit = all(0 <= score <= 1 for score in scores)
        bounds = Interval(*self.scale) if self.scale else UNIT if is_unit else None
        why = why_no_interval(sample, bounds)
        if why:
            return _Estimate(sample.mean, None, None, why, "")
        if bounds is not None:
            return self._bounded(bounded_sample(scores, bounds, [row.cluster for row in rows]))
        found = mean_interval(sample, self.confidence)
        needed = required_n_for_mean(sample, self.minimum, self.confidence)
        method = "cluster-robust t" if sample.is_clustered else "Student's t"
        return _Estimate(sample.mean, found, needed, self._reason(found, needed) if found else "", method)

    def _bounded(self, sample: BoundedSample) -> _Estimate:
        interval = bounded_interval(sample, self.confidence)
        needed = required_n_for_bounded_mean(sample, self.minimum, self.confidence)
        method = "bounded mean (Gaffke)"
        return _Estimate(sample.mean, interval, needed, self._reason(interval, needed), method)

    def _reason(self, interval: Interval, needed: int | None) -> str:
        low, high = interval
        if low >= self.minimum:
            return f"the mean is at least {low:.4f}; the policy asks for {self.minimum:g}"
        if high < self.minimum:
            return f"the mean is at most {high:.4f}; the policy asks for {self.minimum:g}"
        both = f"the interval from {low:.4f} to {high:.4f} reaches over {self.minimum:g}"
        more = "more such cases would not pass" if needed is None else f"about {needed:,} such cases would pass"
        return f"{both}; {more}"

    def _result(self, metric: str, verdict: Decision, n: int, estimate: _Estimate) -> CriterionResult:
        return CriterionResult(
            kind="threshold",
            verdict=verdict,
            value=estimate.value,
            interval=estimate.interval,
            n=n,
            required_n=estimate.required_n,
            reason=estimate.reason,
            metric=metric,
            settings=plain_object(self),
            method=estimate.method,
        )


def _nothing(reason: str) -> _Estimate:
    return _Estimate(None, None, None, reason, "")
