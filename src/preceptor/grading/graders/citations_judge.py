"""Every claim cites a passage that exists and, as a language model judges, supports it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.citation_score import CITATION_DIMENSIONS, CheckedClaim, citation_score
from preceptor.grading.cited_claims import CitationForm, CitedClaim, Numbering, Scope, cited_claims
from preceptor.grading.claim_verdicts import ask_verdicts, verdicts_question
from preceptor.grading.judge_request import check_judge, material_text
from preceptor.grading.output_part import Unreadable
from preceptor.grading.types import Sample, Score
from preceptor.models.provider import ChatModel

_INSTRUCTIONS = "Each claim names its sources; the sources' texts stand beside the claims."


@dataclass(frozen=True, kw_only=True)
class CitationsJudge:
    """As `citations`, but the judge says which claims the cited passages support.

    It is asked once, with all claims that cite a passage that exists; with none it is not
    asked. More than `max_claims` claims, or material longer than `max_characters`, get no score.

    >>> CitationsJudge(provider={"kind": "openai", "model": "m"}).dimension_names
    ('has_citation', 'exists', 'supported')
    """

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = CITATION_DIMENSIONS
    provider: JsonObject
    path: str = ""
    citations_path: str = ""
    scope: Scope = "sentence"
    numbering: Numbering = "id"
    max_claims: int = 50
    max_tokens: int = 2_048
    max_characters: int = 200_000

    def __post_init__(self) -> None:
        check_judge(self.provider)

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:
        """The share of claims with nothing against them.

        Raises JudgementError unless the judge gives each claim one verdict.
        """
        claims = self._claims(sample)
        if isinstance(claims, Score):
            return claims
        asked = [claim for claim in claims if claim.known(sample.passages)]
        material = material_text(_material(asked, sample))
        if len(material) > self.max_characters:
            return self._too_long(len(material))
        question = verdicts_question(_INSTRUCTIONS, material, self.max_tokens)
        verdicts = iter(await ask_verdicts(model, question, [claim.text for claim in asked]) if asked else [])
        checked = [
            CheckedClaim(claim=claim, unsupported=_said(next(verdicts)) if claim.known(sample.passages) else None)
            for claim in claims
        ]
        return citation_score(checked, sample.passages)

    def _claims(self, sample: Sample) -> list[CitedClaim] | Score:
        """The claims to check, or the score where there is nothing to check."""
        if not sample.passages:
            return Score(value=None, reason="there are no passages to cite; name their folder in the suite")
        if len(sample.output) > self.max_characters:
            return self._too_long(len(sample.output))
        claims = cited_claims(sample, self._form)
        if isinstance(claims, Unreadable):
            return Score(value=0.0, reason=claims.reason)
        if not claims:
            return Score(value=None, reason="the answer states nothing that needs a citation")
        if len(claims) > self.max_claims:
            return Score(value=None, reason=f"{len(claims)} claims, max_claims is {self.max_claims}")
        return claims

    def _too_long(self, size: int) -> Score:
        return Score(value=None, reason=f"{size:,} characters to judge, max_characters is {self.max_characters:,}")

    @cached_property
    def _form(self) -> CitationForm:
        return CitationForm(
            path=self.path, citations_path=self.citations_path, scope=self.scope, numbering=self.numbering
        )


def _said(is_supported: bool) -> str:
    return "" if is_supported else "the judge finds no support in what it cites"


def _material(claims: list[CitedClaim], sample: Sample) -> JsonValue:
    used = dict.fromkeys(name for claim in claims for name in claim.known(sample.passages))
    listed: list[JsonValue] = [
        {"claim": number, "text": claim.text, "sources": list(claim.known(sample.passages))}
        for number, claim in enumerate(claims, start=1)
    ]
    return {"sources": {name: sample.passages[name] for name in used}, "claims": listed}
