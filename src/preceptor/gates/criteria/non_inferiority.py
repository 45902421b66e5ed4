"""The candidate is not worse than the baseline by more than a margin."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.gates.difference import Bar, check_scale, check_settings, judge_difference
from preceptor.gates.types import CriterionResult, Evidence


@dataclass(frozen=True, kw_only=True)
class NonInferiority:
    """The candidate is not worse than the baseline by more than `margin`, in the score's own units.

    Pass: the two-sided interval of candidate minus baseline lies above -margin, so a small
    loss that is certain but inside the margin passes: that is what the margin says is
    acceptable. Fail: it lies below -margin. The chance that a candidate worse by exactly the
    margin passes is at most half of what the confidence leaves, 2.5 % at .95; for scores 0 and
    1 at any number of cases. `metric` is the suite's primary one by default. Cases with a
    score on one side only make a pass inconclusive, unless `allow_unpaired`. `scale`, the
    lowest and highest possible score, is needed where scores lie outside 0 to 1.

    >>> from preceptor.evals.types import ScoreRow
    >>> rows = {"score": [ScoreRow(id=str(case), score=1.0) for case in range(182)]}
    >>> result = NonInferiority(margin=0.02).judge(Evidence(baseline=rows, candidate=rows, primary="score"))
    >>> result.verdict, result.required_n
    ('inconclusive', 183)
    """

    version: ClassVar[int] = 1

    margin: float
    confidence: float = 0.95
    metric: str | None = None
    allow_unpaired: bool = False
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not (self.margin > 0 and isfinite(self.margin)):
            raise InputError(
                f"margin is {self.margin!r}; write the largest loss that you accept, above 0, such as 0.02"
            )
        check_settings(self.confidence, self.scale)

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        bar = Bar(
            kind="non_inferiority",
            at=-self.margin,
            metric=self.metric,
            confidence=self.confidence,
            allow_unpaired=self.allow_unpaired,
            scale=check_scale(self.scale),
            settings=plain_object(self),
        )
        return judge_difference(evidence, bar)
