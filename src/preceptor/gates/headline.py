"""Say a verdict in one glance: GO, NO-GO or INCONCLUSIVE, why, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.core.figures import words
from preceptor.gates.report_types import Headline
from preceptor.gates.types import CriterionResult, Decision, SliceResult, Verdict

SPOKEN: dict[Decision, str] = {"pass": "GO", "fail": "NO-GO", "inconclusive": "INCONCLUSIVE"}
URGENCY: dict[Decision, int] = {"fail": 0, "inconclusive": 1, "pass": 2}
TIER_ORDER = {"critical": 0, "supporting": 1, "advisory": 2}


def headline(verdict: Verdict) -> Headline:
    """The decision with the one sentence why; `needed` says how many cases would settle an inconclusive one."""
    decisive = [result for result in verdict.criteria if result.verdict == verdict.verdict and counts(result)]
    why = _why(verdict, decisive)
    if verdict.verdict != "inconclusive":
        return Headline(decision=verdict.verdict, why=why)
    return Headline(decision=verdict.verdict, why=why, needed=_needed(decisive))


def counts(result: CriterionResult) -> bool:
    """True where the criterion holds a release back when it does not pass.

    What is advisory or waived does not, nor does a supporting criterion that is only not settled.
    """
    is_doubt = result.tier == "supporting" and result.verdict == "inconclusive"
    return result.tier != "advisory" and not result.waiver and not is_doubt


def criterion_name(result: CriterionResult) -> str:
    """A criterion as a reader calls it: the rule's name in the policy, or what it is on which metric."""
    if result.name and result.name != result.kind:
        return result.name
    return f"{words(result.kind)} on {result.metric}" if result.metric else words(result.kind)


def most_urgent_first(verdict: Verdict) -> tuple[CriterionResult, ...]:
    """Criteria that hold the release back, then those that could have, then the rest: by verdict, then by tier."""
    return tuple(
        sorted(verdict.criteria, key=lambda one: (URGENCY[one.verdict], not counts(one), TIER_ORDER[one.tier]))
    )


def urgent_slices(slices: Sequence[SliceResult]) -> list[SliceResult]:
    """The failed slices first, then those not settled; the lowest value first among them."""
    return sorted(slices, key=lambda one: (URGENCY[one.verdict], one.value is None, one.value or 0.0, one.name))


def _why(verdict: Verdict, decisive: list[CriterionResult]) -> str:
    if not decisive:
        return verdict.reason.removeprefix(f"{SPOKEN[verdict.verdict]}: ") or "No criterion was judged."
    total = len(verdict.criteria)
    if verdict.verdict == "pass":
        return _why_pass(verdict, decisive)
    names = ", ".join(criterion_name(result) for result in decisive)
    said = "failed" if verdict.verdict == "fail" else "could not be settled on this evidence"
    reason = decisive[0].reason.rstrip(".") if len(decisive) == 1 else ""
    return f"{len(decisive)} of {total} criteria {said}: {names}{f': {reason}' if reason else ''}."


def _why_pass(verdict: Verdict, passed: list[CriterionResult]) -> str:
    others = [result for result in verdict.criteria if result.verdict != "pass"]
    num_waived = sum(1 for result in others if result.waiver)
    num_allowed = len(others) - num_waived
    parts = [f"waived: {num_waived}" if num_waived else "", f"allowed to miss: {num_allowed}" if num_allowed else ""]
    rest = ", ".join(part for part in parts if part)
    if rest:
        return f"What must hold passes ({len(passed)} of {len(verdict.criteria)} criteria); beside it, {rest}."
    total = len(verdict.criteria)
    return f"All {total} criteria pass." if total > 1 else "The one criterion passes."


def _needed(undecided: list[CriterionResult]) -> str:
    if not undecided:
        return ""
    known = [result for result in undecided if result.required_n is not None and result.required_n > result.n]
    if not known:
        return "More such cases may not settle it; see the reason of each criterion."
    most = max(known, key=lambda result: result.required_n or 0)
    unknown = len(undecided) - len(known)
    rest = f" Criteria that more such cases may not settle: {unknown}." if unknown else ""
    return f"A pass takes about {most.required_n:,} cases if they go like these; there are {most.n:,}.{rest}"
