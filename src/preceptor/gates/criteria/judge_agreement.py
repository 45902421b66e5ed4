"""The judge behind a metric agrees with people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import ClassVar, NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.gates.types import CriterionResult, Decision, Evidence, JudgeEvidence


class _Finding(NamedTuple):
    verdict: Decision
    reason: str
    required_n: int | None = None


@dataclass(frozen=True, kw_only=True)
class JudgeAgreement:
    """The kappa between the judge and human labels is at least `minimum`, by its newest calibration.

    Pass: the whole interval of Cohen's kappa is at or above the minimum. Fail: it is below. With
    no calibration of the very judge (model, prompt and rubric), with fewer than `min_labels`
    labels, or with a calibration older than the policy allows, inconclusive. `required_n` is a
    rule of thumb: the interval narrows with the root of the number of labels.

    >>> from preceptor.gates.types import JudgeEvidence
    >>> from preceptor.stats.types import Interval
    >>> judge = JudgeEvidence(identity="j", num_labels=120, agreement=0.78, agreement_interval=Interval(0.66, 0.9))
    >>> evidence = Evidence(baseline={}, candidate={}, primary="helpful", judges={"helpful": judge})
    >>> JudgeAgreement(minimum=0.6).judge(evidence).verdict
    'pass'
    """

    version: ClassVar[int] = 1

    minimum: float = 0.6
    min_labels: int = 50
    metric: str | None = None

    def __post_init__(self) -> None:
        if not -1 <= self.minimum < 1:
            raise InputError(f"minimum is {self.minimum!r}; write a kappa below 1, such as 0.6")
        if self.min_labels < 1:
            raise InputError(f"min_labels is {self.min_labels!r}; write 1 or more, such as 50")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        found = evidence.judges.get(metric)
        finding = self._finding(found, evidence, metric)
        return CriterionResult(
            kind="judge_agreement",
            verdict=finding.verdict,
            value=found.agreement if found else None,
            interval=found.agreement_interval if found else None,
            n=(found.num_labels or 0) if found else 0,
            required_n=finding.required_n,
            reason=finding.reason,
            metric=metric,
            settings=plain_object(self),
            method="Cohen's kappa",
        )

    def _finding(self, found: JudgeEvidence | None, evidence: Evidence, metric: str) -> _Finding:
        if found is None:
            return _Finding("inconclusive", f"no judge is known behind the metric {metric!r}")
        if found.num_labels is None:
            return _Finding("inconclusive", f"the judge of {metric!r} has no calibration; compare it with human labels")
        if found.num_labels < self.min_labels:
            few = f"the judge of {metric!r} was calibrated on {found.num_labels} labels"
            return _Finding("inconclusive", f"{few}; the policy asks for {self.min_labels}", self.min_labels)
        stale = _why_stale(found, evidence)
        if stale:
            return _Finding("inconclusive", stale)
        return self._judged(found)

    def _judged(self, found: JudgeEvidence) -> _Finding:
        interval = found.agreement_interval
        if found.agreement is None or interval is None:
            return _Finding("inconclusive", "the judge's calibration gives no interval of kappa; label more cases")
        shown = f"kappa is {found.agreement:.2f}, {interval.low:.2f} to {interval.high:.2f}"
        asked = f"the policy asks for {self.minimum:g}"
        if interval.low >= self.minimum:
            return _Finding("pass", f"{shown}; {asked}", found.num_labels)
        if interval.high < self.minimum:
            return _Finding("fail", f"{shown}; {asked}")
        if found.agreement <= self.minimum:
            return _Finding("inconclusive", f"{shown}; {asked}, and more such labels would not pass")
        ratio = (found.agreement - interval.low) / (found.agreement - self.minimum)
        needed = ceil((found.num_labels or 0) * ratio**2)
        return _Finding("inconclusive", f"{shown}; {asked}, about {needed:,} such labels would pass", needed)


def _why_stale(found: JudgeEvidence, evidence: Evidence) -> str:
    """Why the calibration is too old; empty where it is not, or where neither moment is known."""
    most = evidence.judge_rules.max_age_days
    if found.calibrated_at is None or evidence.as_of is None:
        return ""
    age = evidence.as_of - found.calibrated_at
    if age <= timedelta(days=most):
        return ""
    return f"the judge's calibration is {age.days} days old; the policy allows {most}"
