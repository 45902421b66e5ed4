"""How severe a case's failure is, whether a forbidden one is new, and how far the weighted defects rose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from preceptor.evals.pairing import ScorePair, name_some
from preceptor.gates.at_most import AtMost, Ceiling, mean_at_most
from preceptor.gates.corrected import LABELS_ONLY, METHOD, JudgedCase, correct, labels_as_pairs
from preceptor.gates.judge_rules import why_too_few_labels
from preceptor.gates.slices import cases_by_slice
from preceptor.gates.types import SEVERITY_SLICE, Decision, Evidence, SliceResult
from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """What a case weighs as a defect, by case, and the score below which it is one; the rest as for a `Bar`."""

    weights: Mapping[str, float]
    threshold: float
    margin: float
    confidence: float

    def change(self, pair: ScorePair) -> float:
        """Weighted defects of the candidate minus those of the baseline: above 0 is worse."""
        change = float(pair.candidate < self.threshold) - float(pair.baseline < self.threshold)
        return change * self.weights[pair.id]

    def ceiling(self, pairs: Sequence[ScorePair]) -> Ceiling:
        """The mean change may be the margin."""
        return Ceiling(most=self.margin, confidence=self.confidence, bounds=self.bounds(pairs))

    def bounds(self, pairs: Sequence[ScorePair]) -> Interval:
        """One of these cases can change by the weight of the heaviest."""
        heaviest = max(self.weights[pair.id] for pair in pairs)
        return Interval(-heaviest, heaviest)


def severities_of(evidence: Evidence, metric: str, weights: Mapping[str, float]) -> dict[str, str]:
    """The severity of each case that has one, the heaviest of several; one without a weight comes before all."""
    found: dict[str, str] = {}
    for name, cases in cases_by_slice(evidence, metric, [SEVERITY_SLICE.rstrip("=")]).items():
        severity = name.removeprefix(SEVERITY_SLICE)
        for case in cases:
            before = found.get(case)
            if before is None or weights.get(severity, float("inf")) > weights.get(before, float("inf")):
                found[case] = severity
    return found


def new_defects(evidence: Evidence, metric: str, cases: Sequence[str], threshold: float, *, at_all: bool) -> list[str]:
    """The cases that are defects of the candidate and not known to be defects of the baseline (or `at_all`)."""
    before = {row.id: row.score for row in evidence.baseline.get(metric, ())}
    after = {row.id: row.score for row in evidence.candidate.get(metric, ())}
    return [
        case
        for case in cases
        if _is_defect(after.get(case), threshold) and (at_all or not _is_defect(before.get(case), threshold))
    ]


def veto(severity: str, cases: Sequence[str], defects: Sequence[str], unscored: Sequence[str]) -> SliceResult:
    """What the cases of a forbidden severity say by themselves: a plain count, without an interval."""
    verdict: Decision = "fail" if defects else "inconclusive" if unscored else "pass"
    if defects:
        reason = f"new {severity} defects of the candidate: {len(defects)} ({name_some(defects)})"
    elif unscored:
        reason = f"{severity} cases without a candidate score: {len(unscored)} ({name_some(unscored)})"
    else:
        reason = f"no new {severity} defect in {len(cases)} cases"
    return SliceResult(
        name=f"{SEVERITY_SLICE}{severity}",
        verdict=verdict,
        value=float(len(defects)),
        interval=None,
        n=len(cases) - len(unscored),
        reason=reason,
    )


def weighted_rise(evidence: Evidence, metric: str, pairs: Sequence[ScorePair], weighing: Weighing) -> AtMost:
    """The mean change with an interval that counts rare heavy defects as possible until so many cases rule them out.

    Where a judge scored the cases, human labels of both answers correct the changes, as for other criteria.
    """
    judge = evidence.judges.get(metric)
    if judge is None or evidence.judge_rules.correction == "none":
        rise = _uncorrected(pairs, weighing)
        return rise if judge is None else rise._replace(method=f"{rise.method}, judge not corrected")
    before, after = judge.baseline_labels, judge.candidate_labels
    labelled = [pair for pair in pairs if pair.id in before and pair.id in after]
    by_people = labels_as_pairs(labelled, before, after)
    if len(labelled) == len(pairs):
        rise = _uncorrected(by_people, weighing)
        return rise._replace(method=f"{rise.method}, {LABELS_ONLY}")
    why = why_too_few_labels(len(labelled), len(pairs))
    if why:
        return AtMost("inconclusive", None, None, len(pairs), None, why, METHOD)
    return _corrected(pairs, by_people, weighing)


def _corrected(pairs: Sequence[ScorePair], by_people: Sequence[ScorePair], weighing: Weighing) -> AtMost:
    changes = {pair.id: weighing.change(pair) for pair in by_people}
    cases = [JudgedCase(weighing.change(pair), changes.get(pair.id), pair.cluster) for pair in pairs]
    ceiling = weighing.ceiling(pairs)
    estimate, interval, why_none = correct(cases, weighing.confidence, weighing.bounds(pairs)).found
    verdict = "inconclusive" if interval is None else ceiling.side(interval)
    reason = _reason(interval, weighing) or why_none
    return AtMost(verdict, estimate.value, interval, len(pairs), None, reason, METHOD)


def _uncorrected(pairs: Sequence[ScorePair], weighing: Weighing) -> AtMost:
    changes = [weighing.change(pair) for pair in pairs]
    rise = mean_at_most(changes, [pair.cluster for pair in pairs], weighing.ceiling(pairs))
    return rise._replace(reason=_reason(rise.interval, weighing))


def _reason(interval: Interval | None, weighing: Weighing) -> str:
    if interval is None:
        return ""
    shown = f"weighted defects a case change by {interval.low:+.4g} to {interval.high:+.4g}"
    return f"{shown}; the policy accepts {weighing.margin:+g}"


def _is_defect(score: float | None, threshold: float) -> bool:
    return score is not None and score < threshold
