"""Nearly every output of the candidate has the form it must have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import name_some
from preceptor.gates.share import Bounds, Share, required_n, share_of, why_unscored, within
from preceptor.gates.types import CriterionResult, Decision, Evidence
from preceptor.stats.intervals import check_confidence

FEW = 10


@dataclass(frozen=True, kw_only=True)
class SchemaValidity:
    """The share of valid outputs is at least `minimum`, and no more than `max_defects` are invalid.

    `metric` is that of a schema grader; an output is valid when its score is 1. Pass: the whole
    exact interval of the share is at or above the minimum. Fail: it is below, or there are more
    invalid outputs than `max_defects`, which is a plain count: 0 tolerates none. `minimum: null`
    asks for the count alone. An output without a score makes a pass inconclusive.

    >>> from preceptor.evals.types import ScoreRow
    >>> rows = [ScoreRow(id=str(case), score=float(case > 0)) for case in range(2000)]
    >>> evidence = Evidence(baseline={}, candidate={"score": rows}, primary="score")
    >>> SchemaValidity(minimum=0.99).judge(evidence).verdict
    'pass'
    >>> SchemaValidity(minimum=0.99, max_defects=0).judge(evidence).reason
    "invalid outputs: 1 of 2,000 ('0'); the policy tolerates 0"
    """

    version: ClassVar[int] = 1

    minimum: float | None = 0.99
    max_defects: int | None = None
    confidence: float = 0.95
    metric: str | None = None

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if self.minimum is not None and not 0 < self.minimum < 1:
            raise InputError(f"minimum is {self.minimum!r}; write a share above 0 and below 1, such as 0.99")
        if self.max_defects is not None and self.max_defects < 0:
            raise InputError(f"max_defects is {self.max_defects!r}; write 0 or more")
        if self.minimum is None and self.max_defects is None:
            raise InputError("minimum and max_defects are both null, so nothing is asked; write one of them")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        share = share_of(evidence, metric, lambda score: score == 1, self.confidence)
        verdict, reason = self._verdict(share, metric)
        if verdict == "pass" and share.unscored:
            verdict, reason = "inconclusive", f"{why_unscored(share)}; without them: {reason}"
        return CriterionResult(
            kind="schema_validity",
            verdict=verdict,
            value=share.value,
            interval=share.interval,
            n=share.n,
            required_n=required_n(share, Bounds(self.minimum or 0.0, 1.0), self.confidence),
            reason=reason,
            metric=metric,
            settings=plain_object(self),
            cases=share.missed[:FEW],
            method=share.method,
        )

    def _verdict(self, share: Share, metric: str) -> tuple[Decision, str]:
        if not share.n:
            return "inconclusive", f"no case has a score of the metric {metric!r}"
        if self.max_defects is not None and len(share.missed) > self.max_defects:
            invalid = f"invalid outputs: {len(share.missed)} of {share.n:,} ({name_some(share.missed)})"
            return "fail", f"{invalid}; the policy tolerates {self.max_defects}"
        if self.minimum is None:
            return "pass", f"invalid outputs: {len(share.missed)} of {share.n:,}"
        verdict = within(share, Bounds(self.minimum, 1.0))
        if share.interval is None:
            return verdict, share.reason
        low, high = share.interval
        valid = f"{len(share.reached):,} of {share.n:,} outputs are valid, so the share is {low:.4f} to {high:.4f}"
        return verdict, f"{valid}; the policy asks for {self.minimum:g}"
