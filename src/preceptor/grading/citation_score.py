"""Put together what was found of each cited claim into one score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from preceptor.core.json_values import JsonObject
from preceptor.grading.cited_claims import CitedClaim
from preceptor.grading.output_part import shown
from preceptor.grading.types import Score

CITATION_DIMENSIONS = ("has_citation", "exists", "supported")
MAX_SHOWN = 20
MAX_CLAIM_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class CheckedClaim:
    """A claim and what speaks against its support by the passages it cites.

    `unsupported` is None where no cited passage exists, so that there is nothing to check, and
    empty where the passages support it.
    """

    claim: CitedClaim
    unsupported: str | None


def citation_score(checked: Sequence[CheckedClaim], passages: Mapping[str, str]) -> Score:
    """The share of claims that cite, cite only what exists, and are supported by it.

    `has_citation` is a share of the claims, `exists` of what they cite, `supported` of those
    that cite a passage that exists; each None for a share of nothing.
    """
    problems = [(one.claim, _problem(one, passages)) for one in checked]
    wrong: list[JsonObject] = [
        {"claim": claim.text[:MAX_CLAIM_CHARACTERS], "cited": list(claim.cited[:MAX_SHOWN]), "problem": problem}
        for claim, problem in problems
        if problem
    ]
    num_cited = sum(len(one.claim.cited) for one in checked)
    supported = [one.unsupported == "" for one in checked if one.unsupported is not None]
    return Score(
        value=1 - len(wrong) / len(checked),
        reason="; ".join(f"{shown(item['claim'])}: {item['problem']}" for item in wrong[:MAX_SHOWN]),
        dimensions={
            "has_citation": sum(bool(one.claim.cited) for one in checked) / len(checked),
            "exists": sum(len(one.claim.known(passages)) for one in checked) / num_cited if num_cited else None,
            "supported": sum(supported) / len(supported) if supported else None,
        },
        details={"num_claims": len(checked), "num_wrong": len(wrong), "wrong": [*wrong[:MAX_SHOWN]]},
    )


def _problem(one: CheckedClaim, passages: Mapping[str, str]) -> str:
    if not one.claim.cited:
        return "cites nothing"
    unknown = one.claim.unknown(passages)
    if unknown:
        return f"no passage has the id {', '.join(map(shown, unknown[:5]))}"
    return one.unsupported or ""
