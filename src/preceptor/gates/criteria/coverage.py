"""Nearly every case has a score for the candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.gates.types import CriterionResult, Evidence


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The candidate has a score for at least this share of the cases that either side names.

    A fact about the evidence and not an estimate: it has no interval. No cases are inconclusive.

    >>> from preceptor.evals.types import ScoreRow
    >>> named = {"score": [ScoreRow(id="a", score=1.0), ScoreRow(id="b", score=1.0)]}
    >>> scored = {"score": [ScoreRow(id="a", score=1.0), ScoreRow(id="b", score=None, reason="timed out")]}
    >>> Coverage(minimum=0.9).judge(Evidence(baseline=named, candidate=scored, primary="score")).reason
    '1 of 2 cases have a score; the policy asks for 0.9 of them'
    """

    version: ClassVar[int] = 1

    minimum: float = 1.0
    metric: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.minimum <= 1:
            raise InputError(f"minimum is {self.minimum!r}; write a share above 0 and up to 1, such as 0.98")

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        rows = evidence.candidate.get(metric, ())
        named = {row.id for row in (*evidence.baseline.get(metric, ()), *rows)}
        scored = {row.id for row in rows if row.score is not None}
        share = len(scored) / len(named) if named else None
        reason = f"{len(scored)} of {len(named)} cases have a score; the policy asks for {self.minimum:.4g} of them"
        return CriterionResult(
            kind="coverage",
            verdict="inconclusive" if share is None else "pass" if share >= self.minimum else "fail",
            value=share,
            interval=None,
            n=len(named),
            required_n=None,
            reason=reason if named else f"no case has the metric {metric!r}",
            metric=metric,
            settings=plain_object(self),
        )
