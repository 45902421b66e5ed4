"""From evidence and a policy to a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from preceptor.gates.comparable import require_same
from preceptor.gates.headline import SPOKEN
from preceptor.gates.policy import Policy
from preceptor.gates.policy_notes import policy_notes
from preceptor.gates.types import CriterionResult, Decision, Evidence, Verdict
from preceptor.gates.waived import LetBy, let_by
from preceptor.gates.waivers import sort_waivers


def decide(evidence: Evidence, policy: Policy) -> Verdict:
    """The verdict: what the policy makes of the evidence.

    `fail` (NO-GO) when a critical or a supporting criterion fails; otherwise `inconclusive` when a
    critical one is; otherwise `pass` (GO). So every critical criterion must pass, each at its own
    level: where all must hold at once, the chance of a false GO is at most that of the one that is
    wrong (intersection-union test; Berger 1982, Technometrics 24:295), and no correction for
    their number is due. What a valid waiver names holds nothing back, but keeps its true word.

    Pure: no clock, no chance, no files. Raises ConflictError where the runs differ in more than
    the policy allows, and InputError for evidence that contradicts itself, such as two scores for one case.
    """
    differences = require_same(evidence.baseline_facts, evidence.candidate_facts, policy.may_differ)
    evidence = replace(evidence, judge_rules=policy.judges)
    waivers = sort_waivers(evidence.waivers, policy, evidence.as_of)
    found = [let_by(rule, rule.judge(evidence), evidence, waivers.valid) for rule in policy.criteria]
    results = tuple(one.result for one in found)
    decision = _decision(results)
    return Verdict(
        verdict=decision,
        criteria=results,
        policy_hash=policy.hash,
        policy_name=policy.name,
        reason=_reason(results, decision),
        baseline_run=evidence.baseline_facts.run_id or None,
        candidate_run=evidence.candidate_facts.run_id or None,
        notes=(*policy_notes(evidence, policy), *differences, *waivers.notes, *_notes(found)),
        waivers=tuple(waiver for one in found for waiver in one.waivers),
        sign_offs=tuple(policy.sign_offs),
    )


def _decision(results: Sequence[CriterionResult]) -> Decision:
    deciding = [one for one in results if one.tier != "advisory" and not one.waiver]
    if any(one.verdict == "fail" for one in deciding):
        return "fail"
    held_back = any(one.verdict == "inconclusive" and one.tier == "critical" for one in deciding)
    is_shown = any(one.tier == "critical" for one in results)
    return "inconclusive" if held_back or not is_shown else "pass"


def _reason(results: Sequence[CriterionResult], decision: Decision) -> str:
    if not any(one.tier == "critical" for one in results):
        return f"{SPOKEN[decision]}: the policy has no critical criterion, so nothing is shown"
    deciding = [one for one in results if one.tier != "advisory" and not one.waiver and one.verdict == decision]
    if decision != "fail":
        deciding = [one for one in deciding if one.tier == "critical"]
    waived = [one.name for one in results if one.waiver]
    said = "; ".join(f"{one.name or one.kind}: {one.reason}" for one in deciding)
    if not waived:
        return f"{SPOKEN[decision]}: {said}"
    return f"{SPOKEN[decision]}: {said or 'no critical criterion is met by itself'}; waived: {', '.join(waived)}"


def _notes(found: Sequence[LetBy]) -> list[str]:
    """Remarks on what was let by and on what does not hold back."""
    notes = [note for one in found for note in one.notes]
    results = [one.result for one in found]
    critical = [one for one in results if one.tier == "critical"]
    if critical and all(one.waiver for one in critical):
        notes.append("every critical criterion is waived: nothing shows the candidate to be good")
    notes += [
        f"{one.name} (supporting) is inconclusive and holds nothing back: {one.reason}"
        for one in results
        if one.tier == "supporting" and one.verdict == "inconclusive" and not one.waiver
    ]
    return notes
