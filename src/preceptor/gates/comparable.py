"""Refuse to judge two runs that differ in more than the policy allows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from preceptor.core.errors import ConflictError
from preceptor.gates.types import RunFacts

Fact = Literal["cases", "graders", "judge", "dataset", "prompt", "sampling"]
FACTS: tuple[Fact, ...] = get_args(Fact)
SHOWN = 12


def require_same(baseline: RunFacts, candidate: RunFacts, may_differ: Collection[Fact] = ()) -> tuple[str, ...]:
    """What a reader must know of how the runs differ; ConflictError that names all that may not.

    The model always may: that is what a gate is for. A difference in scores that another prompt,
    grader or judge made says nothing of the model. What is not known of a side cannot be
    compared: that is remarked on, not refused, so that runs of other harnesses can be judged.
    Where cases may differ, those of one side alone stay unpaired and make a pass inconclusive
    unless the criterion allows them.

    >>> require_same(RunFacts(prompt="a"), RunFacts(prompt="b"), may_differ=["prompt"])[0]
    'the runs differ in prompt, as the policy allows'
    """
    pairs = {fact: (_value(baseline, fact), _value(candidate, fact)) for fact in FACTS}
    unknown = [fact for fact, (ours, theirs) in pairs.items() if not (ours and theirs)]
    differing = [fact for fact, (ours, theirs) in pairs.items() if ours and theirs and ours != theirs]
    refused = [fact for fact in differing if fact not in may_differ]
    if refused:
        named = ", ".join(f"{fact} ({pairs[fact][0][:SHOWN]!r} and {pairs[fact][1][:SHOWN]!r})" for fact in refused)
        raise ConflictError(
            f"the runs {baseline.run_id!r} and {candidate.run_id!r} differ in {named}; run one of them again under "
            f"the same, or allow it in the policy: may_differ: [{', '.join(sorted({*may_differ, *refused}))}]"
        )
    notes = [f"the runs differ in {fact}, as the policy allows" for fact in differing]
    if unknown:
        notes.append(f"not known of both runs, so not checked to be the same: {', '.join(unknown)}")
    return tuple(notes)


def _value(facts: RunFacts, fact: Fact) -> str:
    return {
        "cases": facts.cases,
        "graders": facts.graders,
        "judge": facts.judge,
        "dataset": facts.dataset,
        "prompt": facts.prompt,
        "sampling": facts.sampling,
    }[fact]
