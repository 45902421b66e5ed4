"""The answer's claims stand in the given context, as a language model judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import text_of
from preceptor.grading.claim_verdicts import ask_verdicts, verdicts_question
from preceptor.grading.claims import claims
from preceptor.grading.context import context_texts
from preceptor.grading.judge_request import check_judge, material_text
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample, Score
from preceptor.models.provider import ChatModel

MAX_SHOWN = 20
_INSTRUCTIONS = "The sources are one context: a claim may rest on any of them."


@dataclass(frozen=True, kw_only=True)
class GroundednessJudge:
    """As `groundedness`, but the judge says which claims the context supports, all in one answer.

    More than `max_claims` claims, or material longer than `max_characters`, get no score;
    without claims nobody is asked.

    >>> GroundednessJudge(provider={"kind": "openai", "model": "m"}).max_claims
    50
    """

    version: ClassVar[int] = 1
    provider: JsonObject
    path: str = ""
    context_path: str = ""
    max_claims: int = 50
    max_tokens: int = 2_048
    max_characters: int = 200_000

    def __post_init__(self) -> None:
        check_judge(self.provider)

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:
        """The share of supported claims.

        Raises JudgementError unless the judge gives each claim one verdict.
        """
        context = context_texts(sample, self.context_path)
        if not context:
            return Score(value=None, reason=f"there is no context at {self.context_path or 'passages'} to rest on")
        stated = self._stated(sample)
        if isinstance(stated, Score):
            return stated
        material = material_text(_material(stated, context))
        if len(material) > self.max_characters:
            return self._too_long(len(material))
        verdicts = await ask_verdicts(model, verdicts_question(_INSTRUCTIONS, material, self.max_tokens), stated)
        return _score(stated, verdicts)

    def _stated(self, sample: Sample) -> list[str] | Score:
        """The claims to ask about, or the score where there is nothing to ask."""
        if len(sample.output) > self.max_characters:
            return self._too_long(len(sample.output))
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        stated = claims(text_of(part))
        if not stated:
            return Score(value=None, reason="the answer states nothing that needs support")
        if len(stated) > self.max_claims:
            return Score(value=None, reason=f"{len(stated)} claims, max_claims is {self.max_claims}")
        return stated

    def _too_long(self, size: int) -> Score:
        return Score(value=None, reason=f"{size:,} characters to judge, max_characters is {self.max_characters:,}")


def _material(stated: list[str], context: list[str]) -> JsonValue:
    listed: list[JsonValue] = [{"claim": number, "text": text} for number, text in enumerate(stated, start=1)]
    return {"sources": [*context], "claims": listed}


def _score(stated: list[str], verdicts: list[bool]) -> Score:
    wrong = [shown(claim, 120) for claim, is_supported in zip(stated, verdicts, strict=True) if not is_supported]
    return Score(
        value=1 - len(wrong) / len(stated),
        reason=f"not supported: {'; '.join(wrong[:MAX_SHOWN])}" if wrong else "",
        details={"num_claims": len(stated), "num_unsupported": len(wrong), "unsupported": [*wrong[:MAX_SHOWN]]},
    )
