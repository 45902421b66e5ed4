"""From evidence and a policy to a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.gates.policy import Policy
from preceptor.gates.types import CriterionResult, Decision, Evidence, Verdict


def decide(evidence: Evidence, policy: Policy) -> Verdict:
    """The verdict: fail when a criterion fails, pass when every one passes, else inconclusive.

    Pure: no clock, no chance, no files. Raises InputError for evidence that contradicts
    itself, such as two scores for one case.
    """
    results = tuple(criterion.judge(evidence) for criterion in policy.criteria)
    decision = _decision(results)
    return Verdict(
        verdict=decision,
        criteria=results,
        policy_hash=policy.hash,
        policy_name=policy.name,
        reason=_reason(results, decision),
    )


def _decision(results: Sequence[CriterionResult]) -> Decision:
    said = {result.verdict for result in results}
    if "fail" in said:
        return "fail"
    return "pass" if said == {"pass"} else "inconclusive"


def _reason(results: Sequence[CriterionResult], decision: Decision) -> str:
    if not results:
        return "the policy has no criteria"
    deciding = [f"{result.kind}: {result.reason}" for result in results if result.verdict == decision]
    return "; ".join(deciding)
