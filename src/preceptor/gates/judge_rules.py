"""Whether a judge's scores may decide: only with a fresh record of how it agrees with people."""

from __future__ import annotations

from datetime import datetime, timedelta

from preceptor.gates.types import Evidence, JudgeEvidence, JudgeRules
from preceptor.stats.ppi import MIN_LABELS


def why_not_judged(evidence: Evidence, metric: str) -> str:
    """Why the judge behind a metric may not decide; empty when it may, or when no judge scored the metric."""
    judge = evidence.judges.get(metric)
    return "" if judge is None else why_not_trusted(judge, evidence.judge_rules, evidence.as_of)


def why_not_trusted(judge: JudgeEvidence, rules: JudgeRules, as_of: datetime | None) -> str:
    """Why the record of this very judge (model, prompt and rubric) is not enough; empty when it is.

    >>> why_not_trusted(JudgeEvidence(identity="ab12"), JudgeRules(), None)
    'the judge may not decide: no calibration record for this judge model, prompt and rubric (ab12)'
    """
    why = _why_not(judge, rules, as_of)
    return f"the judge may not decide: {why}" if why else ""


def why_too_few_labels(num_labelled: int, num_cases: int) -> str:
    """Why its scores of these cases cannot be corrected, and how many labels are missing; empty when they can be.

    >>> why_too_few_labels(12, 300)
    "the judge's scores cannot be corrected: people labelled 12 of these 300 cases, 20 are needed; label 8 more"
    >>> why_too_few_labels(12, 12)
    ''
    """
    needed = min(MIN_LABELS, num_cases)
    if num_labelled >= needed:
        return ""
    labelled = f"people labelled {num_labelled} of these {num_cases} cases, {needed} are needed"
    return f"the judge's scores cannot be corrected: {labelled}; label {needed - num_labelled} more"


def _why_not(judge: JudgeEvidence, rules: JudgeRules, as_of: datetime | None) -> str:
    if judge.num_labels is None or judge.calibrated_at is None:
        return f"no calibration record for this judge model, prompt and rubric ({judge.identity[:16]})"
    if judge.num_labels < rules.min_labels:
        return f"its calibration rests on {judge.num_labels} human labels; the policy asks for {rules.min_labels}"
    if as_of is None:
        return "the moment of deciding is not known, so the age of its calibration cannot be checked"
    age = as_of - judge.calibrated_at
    if age > timedelta(days=rules.max_age_days):
        return f"its calibration is {age.days} days old; the policy allows {rules.max_age_days}"
    return _why_not_in_agreement(judge, rules)


def _why_not_in_agreement(judge: JudgeEvidence, rules: JudgeRules) -> str:
    if rules.min_agreement is None:
        return ""
    if judge.agreement_interval is None:
        return f"how far it agrees with people is not known; the policy asks for {rules.min_agreement:g} at least"
    low = judge.agreement_interval.low
    if low >= rules.min_agreement:
        return ""
    return f"its agreement with people may be as low as {low:.3f}; the policy asks for {rules.min_agreement:g}"
