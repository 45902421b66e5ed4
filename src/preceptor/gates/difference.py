"""What the evidence says of candidate minus baseline, against the bar that a criterion sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.evals.difference import Difference, Scale, is_binary, paired_difference, scale_of, shares_clusters
from preceptor.evals.pairing import ScorePair, name_some, pair_scores
from preceptor.evals.types import Unpaired
from preceptor.gates.corrected import (
    DIFFERENCES,
    LABELS_ONLY,
    METHOD,
    Correction,
    correct,
    judged_differences,
    labels_as_pairs,
    num_labelled,
)
from preceptor.gates.judge_rules import why_not_judged, why_too_few_labels
from preceptor.gates.types import CriterionResult, Decision, Evidence, JudgeEvidence
from preceptor.stats.bounded_mean import bounded_interval, bounded_p_above, bounded_sample
from preceptor.stats.exact_paired import exact_interval, exact_p_above
from preceptor.stats.intervals import check_confidence
from preceptor.stats.means import MIN_CLUSTERS
from preceptor.stats.paired import Flips
from preceptor.stats.power import required_n_for_bounded_mean, required_n_for_flips, required_n_for_mean
from preceptor.stats.types import Interval

METHODS = {
    "mcnemar_exact": "exact paired test",
    "paired_t": "paired t",
    "cluster_robust_t": "cluster-robust t",
    "bca_bootstrap": "BCa bootstrap",
}
BOUNDED = "bounded mean (Gaffke)"
BOUNDED_CLUSTERS = "bounded mean (Gaffke) of clusters"

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
    value: float | None
    interval: Interval | None
    verdict: Decision
    required_n: int | None
    reason: str
    method: str


def judge_difference(evidence: Evidence, bar: Bar) -> CriterionResult:
    """Pass, fail or inconclusive, with the figures.

    Scores 0 and 1 of independent cases are judged by the exact test (`stats/exact_paired.py`),
    others on a known scale by the test that asks what may be unseen (`stats/bounded_mean.py`), and those
    on an unknown one by the interval of `paired_difference`. What a judge scored is corrected by human labels
    of both answers (`stats/ppi.py`) or, where every case has them, replaced by them; without a fresh
    record of the judge's agreement with people it decides nothing. Cases that could not be
    paired make a pass inconclusive, unless the policy allows them: a candidate must not win by
    leaving out its hard cases. A fail stays a fail.
    """
    metric = bar.metric or evidence.primary
    missing = why_no_metric(evidence, metric)
    if missing:
        return _result(bar, metric, 0, _nothing(missing))
    pairs, unpaired = pair_scores(evidence.baseline[metric], evidence.candidate[metric])
    if not pairs:
        return _result(bar, metric, 0, _nothing("no case has a score on both sides; are these the same cases?"))
    if bar.scale is None and _scale_changed(pairs):
        why = "one side's scores are from 0 to 1 and the other's are not: is it the same scale? Name it with `scale`"
        return _result(bar, metric, len(pairs), _nothing(why))
    finding = _finding(evidence, metric, pairs, bar)
    if finding.verdict == "pass" and unpaired.num_cases and not bar.allow_unpaired:
        reason = f"{why_unpaired(unpaired)}; without them: {finding.reason}"
        finding = finding._replace(verdict="inconclusive", reason=reason)
    return _result(bar, metric, len(pairs), finding)


def _scale_changed(pairs: Sequence[ScorePair]) -> bool:
    """True when one side's scores all lie in 0 to 1 and the other's do not."""
    is_unit = [
        all(0 <= score <= 1 for score in side)
        for side in zip(*((pair.baseline, pair.candidate) for pair in pairs), strict=True)
    ]
    return is_unit[0] != is_unit[1]


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


def _finding(evidence: Evidence, metric: str, pairs: Sequence[ScorePair], bar: Bar) -> _Finding:
    judge, is_corrected = evidence.judges.get(metric), evidence.judge_rules.correction == "ppi"
    barred = why_not_judged(evidence, metric)
    if barred:
        return _nothing(barred)
    if judge is not None and is_corrected:
        return _corrected(pairs, judge, bar)
    found = _uncorrected(pairs, bar)
    return found if judge is None else found._replace(method=f"{found.method}, judge not corrected")


def _uncorrected(pairs: Sequence[ScorePair], bar: Bar) -> _Finding:
    scale = bar.scale or scale_of(pairs)
    if scale is not None and (shares_clusters(pairs) or not is_binary(pairs)):
        return _of_bounded(pairs, Interval(scale.low - scale.high, scale.high - scale.low), bar)
    rng = np.random.default_rng(SEED)
    difference = paired_difference(pairs, confidence=bar.confidence, rng=rng, scale=scale)
    flips = difference.flips
    found = _of_interval(difference, bar) if flips is None else _of_flips(difference, flips, bar)
    return found._replace(reason=_reason(difference.reason, found, bar), method=METHODS[difference.test])


def _of_bounded(pairs: Sequence[ScorePair], bounds: Interval, bar: Bar) -> _Finding:
    clusters = [pair.cluster for pair in pairs] if shares_clusters(pairs) else None
    sample = bounded_sample([pair.change for pair in pairs], bounds, clusters)
    if clusters and sample.num_units < MIN_CLUSTERS:
        return _nothing(f"{sample.num_units:g} clusters; a verdict on them needs {MIN_CLUSTERS}")._replace(
            value=sample.mean, method=BOUNDED_CLUSTERS
        )
    tail = (1 - bar.confidence) / 2
    is_above = bounded_p_above(sample, bar.at) <= tail
    is_below = bounded_p_above(sample.mirrored, -bar.at) <= tail
    interval = bounded_interval(sample, bar.confidence, told_apart=bar.at)
    needed = required_n_for_bounded_mean(sample, bar.at, bar.confidence)
    method = BOUNDED_CLUSTERS if clusters else BOUNDED
    found = _Finding(sample.mean, interval, _verdict(is_above=is_above, is_below=is_below), needed, "", method)
    return found._replace(reason=_reason("", found, bar))


def _of_flips(difference: Difference, flips: Flips, bar: Bar) -> _Finding:
    tail = (1 - bar.confidence) / 2
    is_above = exact_p_above(flips, bar.at) <= tail
    is_below = exact_p_above(flips.swapped, -bar.at) <= tail
    interval = exact_interval(flips, bar.confidence, told_apart=bar.at)
    needed = required_n_for_flips(flips, bar.at, bar.confidence)
    return _Finding(difference.value, interval, _verdict(is_above=is_above, is_below=is_below), needed, "", "")


def _of_interval(difference: Difference, bar: Bar) -> _Finding:
    needed = required_n_for_mean(difference.sample, bar.at, bar.confidence, difference.bounds)
    verdict = _side(difference.interval, bar)
    return _Finding(difference.value, difference.interval, verdict, needed, "", "")


def _corrected(pairs: Sequence[ScorePair], judge: JudgeEvidence, bar: Bar) -> _Finding:
    cases = judged_differences(pairs, judge.baseline_labels, judge.candidate_labels)
    num_labels = num_labelled(cases)
    if num_labels == len(cases):
        found = _uncorrected(labels_as_pairs(pairs, judge.baseline_labels, judge.candidate_labels), bar)
        return found._replace(method=f"{found.method}, {LABELS_ONLY}")
    why = why_too_few_labels(num_labels, len(cases))
    if not why and scale_of(pairs) is None:
        why = "human labels are from 0 to 1 and some of the judge's scores are not, so they cannot correct them"
    return _nothing(why) if why else _of_correction(correct(cases, bar.confidence, DIFFERENCES), bar)


def _of_correction(correction: Correction, bar: Bar) -> _Finding:
    estimate, interval, why = correction.found
    found = _Finding(estimate.value, interval, _side(interval, bar), correction.required_n(bar.at), "", METHOD)
    return found._replace(reason=f"{_reason(why, found, bar)}; {correction.said}")


def _nothing(reason: str) -> _Finding:
    return _Finding(None, None, "inconclusive", None, reason, "")


def _side(interval: Interval | None, bar: Bar) -> Decision:
    if interval is None:
        return "inconclusive"
    return _verdict(is_above=interval.low > bar.at, is_below=interval.high < bar.at)


def _verdict(*, is_above: bool, is_below: bool) -> Decision:
    return "pass" if is_above else "fail" if is_below else "inconclusive"


def _reason(why_none: str, finding: _Finding, bar: Bar) -> str:
    if finding.interval is None or finding.value is None:
        return why_none
    low, high = finding.interval
    if finding.verdict == "pass":
        return f"the difference is at least {low:+.4g}, above {bar.at:g}"
    if finding.verdict == "fail":
        return f"the difference is at most {high:+.4g}, below {bar.at:g}"
    both = f"the interval from {low:+.4g} to {high:+.4g} reaches over {bar.at:g}"
    if finding.required_n is None and finding.value <= bar.at:
        return f"{both}; more cases with such changes would not pass"
    if finding.required_n is None:
        return f"{both}; with such changes more than a million cases would be needed"
    return f"{both}; about {finding.required_n:,} cases with such changes would pass"


def _result(bar: Bar, metric: str, n: int, finding: _Finding) -> CriterionResult:
    return CriterionResult(
        kind=bar.kind,
        verdict=finding.verdict,
        value=finding.value,
        interval=finding.interval,
        n=n,
        required_n=finding.required_n,
        reason=finding.reason,
        metric=metric,
        settings=bar.settings,
        method=finding.method,
    )
