"""Every case that is marked as one that must pass, passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import name_some
from preceptor.gates.by_people import by_people
from preceptor.gates.judge_rules import why_not_judged
from preceptor.gates.share import Share, share_of, why_unscored
from preceptor.gates.slices import of_cases
from preceptor.gates.types import MUST_PASS, CriterionResult, Decision, Evidence

FEW = 10


@dataclass(frozen=True, kw_only=True)
class MustPass:
    """Every case tagged `tag` has a candidate score of at least `threshold`, whatever the baseline scored.

    A fact about these cases and not an estimate: it has no interval, and one lost case fails. A
    case without a candidate score is inconclusive, and so is a suite that tags none. Where people
    labelled what a judge scored, their word counts.

    >>> from preceptor.evals.types import ScoreRow
    >>> rows = [ScoreRow(id="refund", score=0.0, tags=("must_pass",)), ScoreRow(id="other", score=0.0)]
    >>> result = MustPass().judge(Evidence(baseline={}, candidate={"score": rows}, primary="score"))
    >>> result.verdict, result.reason
    ('fail', "must-pass cases lost: 1 of 1 ('refund')")
    """

    version: ClassVar[int] = 1

    tag: str = MUST_PASS
    threshold: float = 1.0
    metric: str | None = None

    def __post_init__(self) -> None:
        if not self.tag:
            raise InputError("tag is ''; write the tag of the cases that must pass, such as must_pass")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        sides = (*evidence.baseline.get(metric, ()), *evidence.candidate.get(metric, ()))
        tagged = {row.id for row in sides if self.tag in row.tags}
        marked = by_people(of_cases(evidence, metric, tagged), metric)
        share = share_of(marked, metric, lambda score: score >= self.threshold, 0.95)
        verdict, reason = self._verdict(share, metric)
        barred = why_not_judged(evidence, metric)
        if barred and tagged:
            verdict, reason = "inconclusive", f"{barred}; as it stands: {reason}"
        return CriterionResult(
            kind="must_pass",
            verdict=verdict,
            value=len(share.reached) / share.n if share.n else None,
            interval=None,
            n=share.n,
            required_n=None,
            reason=reason,
            metric=metric,
            settings=plain_object(self),
            cases=(share.missed or share.unscored)[:FEW],
            method="every case",
        )

    def _verdict(self, share: Share, metric: str) -> tuple[Decision, str]:
        total = share.n + len(share.unscored)
        if not total:
            return "inconclusive", f"no case with the metric {metric!r} is tagged {self.tag!r}"
        if share.missed:
            return "fail", f"must-pass cases lost: {len(share.missed)} of {total} ({name_some(share.missed)})"
        if share.unscored:
            return "inconclusive", f"must-pass {why_unscored(share)}"
        return "pass", f"all {total} must-pass cases reach {self.threshold:g}"
