"""In no slice is the candidate worse than the baseline by more than a margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.evals.pairing import name_some
from preceptor.gates.difference import Bar, check_scale, check_settings
from preceptor.gates.parts import worst
from preceptor.gates.slice_tests import judge_slices
from preceptor.gates.slices import cases_by_slice, is_selected
from preceptor.gates.types import CriterionResult, Decision, Evidence, SliceResult

Small = Literal["inconclusive", "ignore"]


@dataclass(frozen=True, kw_only=True)
class SliceRegression:
    """In every slice the candidate is not worse than the baseline by more than `margin`.

    `slices` selects by whole name or by the part before `=` (`intent` is every `intent=...`); all of
    them by default. Each slice is judged as `non_inferiority` judges the whole. Pass: every slice
    passes at its own level (intersection-union: no correction is due where all must hold).
    Fail: a slice is shown to be worse by more than the margin even after Holm's correction over
    the slices, so that among many slices none fails by chance more often than one criterion alone
    would. To only hold back what is shown to be worse, give the rule the tier `supporting`. A slice of
    fewer than `min_cases` pairs is not judged: with `small: inconclusive` it keeps the criterion from
    passing, with `small: ignore` it is listed and left out. No slices, or a selector that finds none, is inconclusive.

    >>> from preceptor.evals.types import ScoreRow
    >>> rows = [ScoreRow(id=str(case), score=1.0, slices=(f"intent={case % 2}",)) for case in range(200)]
    >>> evidence = Evidence(baseline={"score": rows}, candidate={"score": rows}, primary="score")
    >>> result = SliceRegression(margin=0.05, slices=("intent",)).judge(evidence)
    >>> result.verdict, [(part.name, part.verdict, part.n) for part in result.slices]
    ('pass', [('intent=0', 'pass', 100), ('intent=1', 'pass', 100)])
    """

    version: ClassVar[int] = 1

    margin: float
    slices: tuple[str, ...] = ()
    min_cases: int = 1
    small: Small = "inconclusive"
    confidence: float = 0.95
    metric: str | None = None
    allow_unpaired: bool = False
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not (self.margin > 0 and isfinite(self.margin)):
            raise InputError(
                f"margin is {self.margin!r}; write the largest loss that you accept, above 0, such as 0.05"
            )
        if self.min_cases < 1:
            raise InputError(f"min_cases is {self.min_cases!r}; write 1 or more")
        check_settings(self.confidence, self.scale)

    def judge(self, evidence: Evidence) -> CriterionResult:
        """What the evidence supports."""
        metric = self.metric or evidence.primary
        members = cases_by_slice(evidence, metric, self.slices)
        bar = Bar(
            kind="slice_regression",
            at=-self.margin,
            metric=metric,
            confidence=self.confidence,
            allow_unpaired=self.allow_unpaired,
            scale=check_scale(self.scale),
            settings=plain_object(self),
        )
        parts = judge_slices(evidence, bar, members, self.min_cases)
        counted = [part for part in parts if self.small == "inconclusive" or part.n >= self.min_cases]
        verdict, reason = self._verdict(counted, members)
        deciding = worst(sorted(counted, key=_lowest)) if counted else None
        return CriterionResult(
            kind="slice_regression",
            verdict=verdict,
            value=deciding.value if deciding else None,
            interval=deciding.interval if deciding else None,
            n=deciding.n if deciding else 0,
            required_n=deciding.required_n if deciding else None,
            reason=reason,
            metric=metric,
            settings=plain_object(self),
            slices=tuple(parts),
            method="per slice; Holm for a fail, intersection-union for a pass",
        )

    def _verdict(self, parts: Sequence[SliceResult], members: Mapping[str, Sequence[str]]) -> tuple[Decision, str]:
        failed = [part for part in parts if part.verdict == "fail"]
        if failed:
            shown = "; ".join(f"{part.name}: {part.reason}" for part in failed)
            return "fail", f"worse by more than {self.margin:g} in {len(failed)} of {len(parts)} slices: {shown}"
        without = [selector for selector in self.slices if not any(is_selected(name, selector) for name in members)]
        if without:
            return "inconclusive", f"no case is in a slice {name_some(without)}; are the cases marked?"
        if not parts:
            return (
                "inconclusive",
                f"no slice has {self.min_cases} cases to judge" if members else "no case is in a slice",
            )
        open_still = [part.name for part in parts if part.verdict == "inconclusive"]
        if open_still:
            where = f"{len(open_still)} of {len(parts)} slices"
            return "inconclusive", f"not shown to be within {self.margin:g} in {where}: {name_some(open_still)}"
        return "pass", f"within {self.margin:g} of the baseline in every one of {len(parts)} slices"


def _lowest(part: SliceResult) -> float:
    return part.interval.low if part.interval else 0.0
