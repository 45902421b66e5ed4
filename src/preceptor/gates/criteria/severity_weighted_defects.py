"""The candidate's defects, weighed by how severe they are, are not more than the baseline's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import name_some, pair_scores
from preceptor.gates.at_most import AtMost
from preceptor.gates.by_people import by_people
from preceptor.gates.difference import why_no_metric, why_unpaired
from preceptor.gates.judge_rules import why_not_judged
from preceptor.gates.severities import Weighing, new_defects, severities_of, veto, weighted_rise
from preceptor.gates.types import SEVERITY_SLICE, CriterionResult, Evidence, SliceResult
from preceptor.stats.intervals import check_confidence

WEIGHTS = {"P0": 100.0, "P1": 10.0, "P2": 3.0, "P3": 1.0}


@dataclass(frozen=True, kw_only=True)
class SeverityWeightedDefects:
    """No new defect of a forbidden severity, and the weighted defects of a case rise by at most `margin`.

    A case is a defect when its score is below `threshold`; it weighs what its slice `severity=P0` to
    `severity=P3` says (`weights`; `no_severity` without one), so one P0 outweighs many minor gains.
    Fail: a case of a `forbidden` severity is a defect of the candidate and is not known to be one of
    the baseline (`forbid: new`) or is one at all (`forbid: any`); or the interval of candidate minus
    baseline, in weighted defects a case, lies above the margin. Pass: it lies at or below. Rare
    heavy defects count as possible until so many cases rule them out: where the heaviest weighs 100, a
    margin of 1 takes 368 cases without a change. A case without both scores makes a pass
    inconclusive, unless `allow_unpaired`; one of a forbidden severity without a candidate score
    always does.

    >>> from preceptor.evals.types import ScoreRow
    >>> slices = [("severity=P0",), *[("severity=P3",)] * 99]
    >>> before = [ScoreRow(id=str(case), score=float(case == 0), slices=name) for case, name in enumerate(slices)]
    >>> after = [ScoreRow(id=str(case), score=float(case > 0), slices=name) for case, name in enumerate(slices)]
    >>> evidence = Evidence(baseline={"score": before}, candidate={"score": after}, primary="score")
    >>> result = SeverityWeightedDefects(margin=1.0).judge(evidence)
    >>> result.verdict, result.reason
    ('fail', "new P0 defects of the candidate: 1 ('0')")
    """

    version: ClassVar[int] = 1

    margin: float
    threshold: float = 0.5
    weights: dict[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    no_severity: float = 1.0
    forbidden: tuple[str, ...] = ("P0",)
    forbid: Literal["new", "any"] = "new"
    confidence: float = 0.95
    metric: str | None = None
    allow_unpaired: bool = False

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if not (self.margin > 0 and isfinite(self.margin)):
            raise InputError(f"margin is {self.margin!r}; write the largest rise of weighted defects a case, above 0")
        wrong = [name for name, weight in self.weights.items() if not (weight >= 0 and isfinite(weight))]
        if wrong or not max(self.weights.values(), default=0.0) > 0 or self.no_severity < 0:
            raise InputError(
                f"weights are {self.weights!r}; write a number of 0 or more for each severity, one above 0"
            )
        unknown = [name for name in self.forbidden if name not in self.weights]
        if unknown:
            raise InputError(f"forbidden names {name_some(unknown)}, which weights does not; write its weight")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        severities = severities_of(evidence, metric, self.weights)
        why_not = (
            why_no_metric(evidence, metric) or self._why_no_weights(severities) or why_not_judged(evidence, metric)
        )
        if why_not:
            return self._result(metric, _nothing(why_not), ())
        vetoes = [self._veto(by_people(evidence, metric), metric, name, severities) for name in self.forbidden]
        rise = self._rise(evidence, metric, severities)
        deciding = [one for one in vetoes if one.verdict == "fail"] or [
            one for one in vetoes if one.verdict != "pass" and rise.verdict == "pass"
        ]
        if deciding:
            rise = rise._replace(verdict=deciding[0].verdict, reason="; ".join(one.reason for one in deciding))
        return self._result(metric, rise, vetoes)

    def _why_no_weights(self, severities: Mapping[str, str]) -> str:
        if not severities:
            return f"no case has a slice {SEVERITY_SLICE}..., so nothing tells what a defect weighs"
        unknown = {severity for severity in severities.values() if severity not in self.weights}
        return f"weights has no weight of {name_some(sorted(unknown))}; write it" if unknown else ""

    def _veto(self, evidence: Evidence, metric: str, severity: str, severities: Mapping[str, str]) -> SliceResult:
        cases = [case for case, its_severity in severities.items() if its_severity == severity]
        defects = new_defects(evidence, metric, cases, self.threshold, at_all=self.forbid == "any")
        scored = {row.id for row in evidence.candidate[metric] if row.score is not None}
        return veto(severity, cases, defects, [case for case in cases if case not in scored])

    def _rise(self, evidence: Evidence, metric: str, severities: Mapping[str, str]) -> AtMost:
        pairs, unpaired = pair_scores(evidence.baseline[metric], evidence.candidate[metric])
        if not pairs:
            return _nothing("no case has a score on both sides; are these the same cases?")
        weighing = Weighing(
            weights={
                pair.id: self.weights[severities[pair.id]] if pair.id in severities else self.no_severity
                for pair in pairs
            },
            threshold=self.threshold,
            margin=self.margin,
            confidence=self.confidence,
        )
        rise = weighted_rise(evidence, metric, pairs, weighing)
        if rise.verdict == "pass" and unpaired.num_cases and not self.allow_unpaired:
            return rise._replace(
                verdict="inconclusive", reason=f"{why_unpaired(unpaired)}; without them: {rise.reason}"
            )
        return rise

    def _result(self, metric: str, rise: AtMost, vetoes: Sequence[SliceResult]) -> CriterionResult:
        return CriterionResult(
            kind="severity_weighted_defects",
            verdict=rise.verdict,
            value=rise.value,
            interval=rise.interval,
            n=rise.n,
            required_n=rise.required_n,
            reason=rise.reason,
            metric=metric,
            settings=plain_object(self),
            slices=tuple(vetoes),
            method=rise.method,
        )


def _nothing(reason: str) -> AtMost:
    return AtMost("inconclusive", None, None, 0, None, reason, "")
