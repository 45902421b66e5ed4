"""The candidate is better than the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.gates.difference import Bar, check_scale, check_settings, judge_difference
from preceptor.gates.types import CriterionResult, Evidence


@dataclass(frozen=True, kw_only=True)
class Superiority:
    """The candidate is better than the baseline by more than `minimum_gain`, in the score's own units.

    Pass: the two-sided interval of candidate minus baseline lies above `minimum_gain`. Fail:
    it lies below. The other settings are those of `non_inferiority`.

    >>> from preceptor.evals.types import ScoreRow
    >>> worse = {"score": [ScoreRow(id=str(case), score=0.0) for case in range(20)]}
    >>> better = {"score": [ScoreRow(id=str(case), score=1.0) for case in range(20)]}
    >>> Superiority().judge(Evidence(baseline=worse, candidate=better, primary="score")).verdict
    'pass'
    """

    version: ClassVar[int] = 1

    minimum_gain: float = 0.0
    confidence: float = 0.95
    metric: str | None = None
    allow_unpaired: bool = False
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not (self.minimum_gain >= 0 and isfinite(self.minimum_gain)):
            raise InputError(f"minimum_gain is {self.minimum_gain!r}; write the least gain wanted, 0 or more")
        check_settings(self.confidence, self.scale)

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        bar = Bar(
            kind="superiority",
            at=self.minimum_gain,
            metric=self.metric,
            confidence=self.confidence,
            allow_unpaired=self.allow_unpaired,
            scale=check_scale(self.scale),
            settings=plain_object(self),
        )
        return judge_difference(evidence, bar)
