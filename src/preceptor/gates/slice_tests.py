"""Judge each slice's difference, and let none fail by chance because there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log

from preceptor.evals.difference import is_binary
from preceptor.evals.pairing import pair_scores
from preceptor.gates.difference import Bar, judge_difference
from preceptor.gates.slices import of_cases
from preceptor.gates.types import Evidence, SliceResult
from preceptor.stats.exact_paired import exact_p_above
from preceptor.stats.means import mean_sample
from preceptor.stats.multiplicity import holm
from preceptor.stats.paired import Flips

LEAST_P = 1e-4
"""As small as a bootstrap of 10,000 replicates can tell; a smaller one is given as this."""

HALVINGS = 12


def judge_slices(
    evidence: Evidence, bar: Bar, members: Mapping[str, Sequence[str]], min_cases: int
) -> list[SliceResult]:
    """What the bar's criterion says of each slice's own cases, in the order of `members`.

    A slice passes at its own level. It fails only if its one-sided p-value of "below the bar",
    adjusted over all slices that are judged (Holm), is still within half of what the confidence
    leaves; `adjusted_p` is given where it fails on its own. One with fewer than `min_cases`
    pairs is not judged, whatever its scores.
    """
    parts = {name: of_cases(evidence, bar.metric or evidence.primary, cases) for name, cases in members.items()}
    results = {name: _slice_result(name, part, bar, min_cases) for name, part in parts.items()}
    judged = [name for name, result in results.items() if result.n >= min_cases]
    p_values = [_p_below(parts[name], bar) if results[name].verdict == "fail" else 1.0 for name in judged]
    adjusted = dict(zip(judged, holm(p_values), strict=True))
    return [_corrected(result, adjusted.get(name), bar, len(judged)) for name, result in results.items()]


def _slice_result(name: str, evidence: Evidence, bar: Bar, min_cases: int) -> SliceResult:
    found = judge_difference(evidence, bar)
    is_judged = found.n >= min_cases
    return SliceResult(
        name=name,
        verdict=found.verdict if is_judged else "inconclusive",
        value=found.value,
        interval=found.interval,
        n=found.n,
        required_n=found.required_n,
        reason=found.reason if is_judged else f"not judged: {found.n} cases, the policy asks for {min_cases}",
    )


def _corrected(result: SliceResult, adjusted_p: float | None, bar: Bar, num_judged: int) -> SliceResult:
    if result.verdict != "fail" or adjusted_p is None:
        return result
    if adjusted_p <= (1 - bar.confidence) / 2:
        return replace(result, adjusted_p=adjusted_p)
    reason = f"{result.reason}, but among {num_judged} slices one may look so by chance (adjusted p {adjusted_p:.2g})"
    return replace(result, verdict="inconclusive", adjusted_p=adjusted_p, reason=reason)


def _p_below(evidence: Evidence, bar: Bar) -> float:
    """The smallest level at which the slice still fails: exact where the exact test judges it."""
    metric = bar.metric or evidence.primary
    pairs = pair_scores(evidence.baseline[metric], evidence.candidate[metric]).pairs
    changes = [pair.change for pair in pairs]
    is_clustered = mean_sample(changes, [pair.cluster for pair in pairs]).is_clustered
    if is_binary(pairs) and not is_clustered and metric not in evidence.judges:
        flips = Flips(gained=changes.count(1), lost=changes.count(-1), n=len(changes))
        return exact_p_above(flips.swapped, -bar.at)
    fails, passes_by = log((1 - bar.confidence) / 2), log(LEAST_P)
    for _ in range(HALVINGS):
        middle = (fails + passes_by) / 2
        at_level = replace(bar, confidence=1 - 2 * exp(middle))
        if judge_difference(evidence, at_level).verdict == "fail":
            fails = middle
        else:
            passes_by = middle
    return exp(fails)
