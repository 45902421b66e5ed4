"""Let a criterion by where a valid waiver covers all that holds it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from preceptor.evals.types import ScoreRow
from preceptor.gates.rule import Rule
from preceptor.gates.types import CriterionResult, Evidence, Waiver


class LetBy(NamedTuple):
    """A criterion's result, the waivers that let it by (none: it counts in full), and what to say of them."""

    result: CriterionResult
    waivers: tuple[Waiver, ...] = ()
    notes: tuple[str, ...] = ()


def let_by(rule: Rule, result: CriterionResult, evidence: Evidence, waivers: Sequence[Waiver]) -> LetBy:
    """The result with its waiver's id where it is let by; its word and its figures stay as they are.

    A waiver without a slice covers the whole criterion. Those of slices cover it when it passes
    on the evidence without these slices: so waiving one slice never lets another one by. A
    criterion that does not judge by slice is not covered by them.
    """
    if not _may_be_held_back(result):
        return LetBy(result)
    own = [waiver for waiver in waivers if waiver.criterion == rule.name]
    whole = next((waiver for waiver in own if not waiver.slice), None)
    if whole:
        return _covered(result, (whole,))
    judged = {one.name for one in result.slices}
    of_slices = tuple(waiver for waiver in own if waiver.slice in judged)
    missed = tuple(
        f"the waiver {waiver.id!r} has no effect: {rule.name!r} does not judge a slice {waiver.slice!r}"
        for waiver in own
        if waiver.slice not in judged
    )
    if of_slices and _passes_without(rule, evidence, {waiver.slice for waiver in of_slices}):
        covered = _covered(result, of_slices)
        return covered._replace(notes=(*covered.notes, *missed))
    not_enough = tuple(
        f"the waiver {waiver.id!r} of slice {waiver.slice!r} is not enough: {rule.name!r} does not pass without it"
        for waiver in of_slices
    )
    return LetBy(result, (), (*missed, *not_enough))


def _may_be_held_back(result: CriterionResult) -> bool:
    """True where the criterion, as it stands, would hold a release back."""
    if result.tier == "critical":
        return result.verdict != "pass"
    return result.tier == "supporting" and result.verdict == "fail"


def _covered(result: CriterionResult, waivers: tuple[Waiver, ...]) -> LetBy:
    notes = tuple(
        f"{result.name}{f' ({waiver.slice})' if waiver.slice else ''} is {result.verdict} and waived by {waiver.by} "
        f"({waiver.role}) until {waiver.until:%Y-%m-%d}: {waiver.reason}"
        for waiver in waivers
    )
    return LetBy(replace(result, waiver=waivers[0].id), waivers, notes)


def _passes_without(rule: Rule, evidence: Evidence, slices: Collection[str]) -> bool:
    """True when the rule no longer holds back once no case is in these slices."""
    rest = replace(
        evidence,
        baseline=_without(evidence.baseline, slices),
        candidate=_without(evidence.candidate, slices),
    )
    return not _may_be_held_back(rule.judge(rest))


def _without(rows: Mapping[str, Sequence[ScoreRow]], slices: Collection[str]) -> dict[str, list[ScoreRow]]:
    return {
        metric: [
            replace(row, slices=tuple(name for name in row.slices if name not in slices)) if row.slices else row
            for row in of_metric
        ]
        for metric, of_metric in rows.items()
    }
