"""What the evidence says of candidate minus baseline, against the bar that a criterion sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.evals.difference import Difference, Scale, paired_difference, scale_of
from preceptor.evals.pairing import name_some, pair_scores
from preceptor.evals.types import Unpaired
from preceptor.gates.types import CriterionResult, Decision, Evidence
from preceptor.stats.exact_paired import exact_interval, exact_p_above
from preceptor.stats.intervals import check_confidence
from preceptor.stats.power import required_n_for_flips, required_n_for_mean
from preceptor.stats.types import Interval

BAND = 0.1
"""Changes within a tenth of the scale are small, when a gate asks whether rare large ones may be unseen.

Student's interval does not ask: where one candidate answer in fifty is a disaster and the rest
only waver, 50 graded cases passed a margin of two points 38 times in 100 (simulated).
"""

SEED = 0
"""The bootstrap's: fixed, so that the same evidence gives the same verdict for ever."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """The difference to be shown, and how: pass when it is above `at`, fail when it is below."""

    kind: str
    at: float
    metric: str | None
    confidence: float
    allow_unpaired: bool
    scale: Scale | None
    settings: JsonObject


class _Finding(NamedTuple):
    interval: Interval | None
    verdict: Decision
    required_n: int | None


def judge_difference(evidence: Evidence, bar: Bar) -> CriterionResult:
    """Pass, fail or inconclusive, with the figures.

    Scores 0 and 1 of independent cases are judged by the exact test (`stats/exact_paired.py`),
    others by the interval of `paired_difference`. Cases that could not be paired make a pass
    inconclusive, unless the policy allows them: a candidate must not win by leaving out its
    hard cases. A fail stays a fail.
    """
    metric = bar.metric or evidence.primary
    missing = why_no_metric(evidence, metric)
    if missing:
        return _result(bar, metric, reason=missing)
    pairs, unpaired = pair_scores(evidence.baseline[metric], evidence.candidate[metric])
    if not pairs:
        return _result(bar, metric, reason="no case has a score on both sides; are these the same cases?")
    difference = paired_difference(
        pairs,
        confidence=bar.confidence,
        rng=np.random.default_rng(SEED),
        scale=bar.scale or scale_of(pairs),
        band=BAND,
    )
    finding = _finding(difference, bar)
    reason = _reason(difference, finding, bar)
    if finding.verdict == "pass" and unpaired.num_cases and not bar.allow_unpaired:
        finding = finding._replace(verdict="inconclusive")
        reason = f"{why_unpaired(unpaired)}; without them: {reason}"
    return CriterionResult(
        kind=bar.kind,
        verdict=finding.verdict,
        value=difference.value,
        interval=finding.interval,
        n=len(pairs),
        required_n=finding.required_n,
        reason=reason,
        metric=metric,
        settings=bar.settings,
    )


def why_no_metric(evidence: Evidence, metric: str) -> str:
    """Why the evidence cannot be read for this metric; empty when it can."""
    for side, rows in (("baseline", evidence.baseline), ("candidate", evidence.candidate)):
        if metric not in rows:
            there = ", ".join(repr(name) for name in sorted(rows)) or "none"
            return f"the {side} has no metric {metric!r}; it has: {there}"
    return ""


def why_unpaired(unpaired: Unpaired) -> str:
    """How many cases lack a score on which side, and the first of them."""
    parts = [
        f"{len(ids)} {what} ({name_some(ids)})"
        for ids, what in (
            (unpaired.only_in_baseline, "only in the baseline"),
            (unpaired.only_in_candidate, "only in the candidate"),
            (unpaired.baseline_missing_score, "without a baseline score"),
            (unpaired.candidate_missing_score, "without a candidate score"),
        )
        if ids
    ]
    return f"cases that could not be compared: {', '.join(parts)}"


def check_scale(scale: tuple[float, float] | None) -> Scale | None:
    """The scale that a criterion's setting names; InputError unless the first number is the lower."""
    if scale is None:
        return None
    if not scale[0] < scale[1]:
        raise InputError(f"scale is {list(scale)!r}; write the lowest and the highest possible score, such as [1, 5]")
    return Scale(*scale)


def check_settings(confidence: float, scale: tuple[float, float] | None) -> None:
    """InputError for a confidence or a scale that cannot be used."""
    check_confidence(confidence)
    check_scale(scale)


def _finding(difference: Difference, bar: Bar) -> _Finding:
    if difference.flips is not None:
        interval = exact_interval(difference.flips, bar.confidence, told_apart=bar.at)
        tail = (1 - bar.confidence) / 2
        is_above = exact_p_above(difference.flips, bar.at) <= tail
        is_below = exact_p_above(difference.flips.swapped, -bar.at) <= tail
        needed = required_n_for_flips(difference.flips, bar.at, bar.confidence)
        return _Finding(interval, _verdict(is_above=is_above, is_below=is_below), needed)
    interval_or_none = difference.interval
    if interval_or_none is None:
        needed = required_n_for_mean(difference.sample, bar.at, bar.confidence, difference.bounds)
        return _Finding(None, "inconclusive", needed)
    is_above, is_below = interval_or_none.low > bar.at, interval_or_none.high < bar.at
    needed = required_n_for_mean(difference.sample, bar.at, bar.confidence, difference.bounds)
    return _Finding(interval_or_none, _verdict(is_above=is_above, is_below=is_below), needed)


def _verdict(*, is_above: bool, is_below: bool) -> Decision:
    return "pass" if is_above else "fail" if is_below else "inconclusive"


def _reason(difference: Difference, finding: _Finding, bar: Bar) -> str:
    if finding.interval is None:
        return difference.reason
    low, high = finding.interval
    if finding.verdict == "pass":
        return f"the difference is at least {low:+.4g}, above {bar.at:g}"
    if finding.verdict == "fail":
        return f"the difference is at most {high:+.4g}, below {bar.at:g}"
    both = f"the interval from {low:+.4g} to {high:+.4g} reaches over {bar.at:g}"
    if finding.required_n is None and difference.value <= bar.at:
        return f"{both}; more cases with such changes would not pass"
    if finding.required_n is None:
        return f"{both}; with such changes more than a million cases would be needed"
    return f"{both}; about {finding.required_n:,} cases with such changes would pass"


def _result(bar: Bar, metric: str, *, reason: str) -> CriterionResult:
    return CriterionResult(
        kind=bar.kind,
        verdict="inconclusive",
        value=None,
        interval=None,
        n=0,
        required_n=None,
        reason=reason,
        metric=metric,
        settings=bar.settings,
    )
