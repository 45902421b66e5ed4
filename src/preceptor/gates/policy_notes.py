"""What a reader must know of the policy and the baseline, beside what the criteria say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from preceptor.gates.policy import Policy
from preceptor.gates.types import Evidence

SHOWN = 12


def policy_notes(evidence: Evidence, policy: Policy) -> tuple[str, ...]:
    """Remarks on a policy that was not sealed, or was changed, after the candidate run began; on an old baseline."""
    return (*_seal_notes(evidence, policy), *_age_notes(evidence, policy))


def _seal_notes(evidence: Evidence, policy: Policy) -> Iterator[str]:
    sealed = evidence.candidate_facts.policies
    then = sealed.get(policy.name)
    if then == policy.hash:
        return
    if then is not None:
        yield (
            f"the policy {policy.name!r} was changed after the candidate run began: its hash was {then[:SHOWN]}, "
            f"it is {policy.hash[:SHOWN]}"
        )
    elif sealed:
        yield f"the policy {policy.name!r} was not there when the candidate run began: it may be fitted to the scores"
    elif evidence.candidate_facts.cases:
        # Of a run that began elsewhere nothing can be sealed here.
        yield (
            "no policy was sealed when the candidate run began: that this one was not fitted to the scores "
            "cannot be shown"
        )


def _age_notes(evidence: Evidence, policy: Policy) -> Iterator[str]:
    most = policy.baseline_max_age_days
    if most is None:
        return
    made_at = evidence.baseline_facts.finished_at or evidence.baseline_facts.started_at
    if made_at is None or evidence.as_of is None:
        yield f"how old the baseline is cannot be told; the policy asks for at most {most} days"
    elif evidence.as_of - made_at > timedelta(days=most):
        age = (evidence.as_of - made_at).days
        yield f"stale baseline: it is {age} days old, the policy asks for at most {most}; run it again"
