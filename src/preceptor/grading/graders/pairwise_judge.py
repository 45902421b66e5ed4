"""A language model compares the output with another answer, in both orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.ids import plain
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import text_of
from preceptor.grading.failures import JudgementError
from preceptor.grading.judge_request import (
    JudgeQuestion,
    check_judge,
    conversation,
    judge_request,
    judged_text,
    material_text,
    read_judgement,
)
from preceptor.grading.output_part import shown
from preceptor.grading.types import Sample, Score
from preceptor.models.provider import ChatModel

_VALUES = {"output": 1.0, "other": 0.0, "tie": 0.5}
_SCHEMA: JsonObject = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "winner": {"enum": ["first", "second", "tie"]}},
    "required": ["reason", "winner"],
    "additionalProperties": False,
}


@dataclass(frozen=True, kw_only=True)
class PairwiseJudge:
    """1 when the judge finds the output better than the other answer in both orders, 0 when worse in both.

    Two orders that disagree, or both find them equal, are a tie: 0.5. `against: other` compares
    with the other system's answer to the case and shows the judge the wanted answer too, unless
    `use_reference` is false; `against: target` compares with the wanted answer itself. The
    details hold the verdict of each order, from which `grading/position_bias.py` says how often
    the order decided. Two equal texts are a tie, and nobody is asked.

    >>> provider = {"kind": "openai", "model": "m"}
    >>> PairwiseJudge(instructions="Which one helps more?", provider=provider).against
    'other'
    """

    version: ClassVar[int] = 1
    instructions: str
    provider: JsonObject
    against: Literal["other", "target"] = "other"
    use_reference: bool = True
    max_tokens: int = 512
    max_characters: int = 200_000

    def __post_init__(self) -> None:
        if not self.instructions.strip():
            raise InputError("instructions are empty; say what makes one answer better")
        check_judge(self.provider)

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:
        """1, 0.5 or 0 with the verdict of each order.

        Raises JudgementError when an answer of the judge is not the JSON asked for.
        """
        other = self._other(sample)
        if other is None:
            what = "target" if self.against == "target" else "answer of another system"
            return Score(value=None, reason=f"the case has no {what} to compare with")
        if other == sample.output:
            return Score(value=0.5, reason="the two answers are the same")
        size = len(sample.output) + len(other)
        if size > self.max_characters:
            return Score(value=None, reason=f"{size:,} characters to judge, max_characters is {self.max_characters:,}")
        ours = await model.complete(judge_request(self._question(sample, sample.output, other)))
        ours_first = _verdict(ours.text, {"first": "output", "second": "other", "tie": "tie"})
        theirs = await model.complete(judge_request(self._question(sample, other, sample.output)))
        other_first = _verdict(theirs.text, {"first": "other", "second": "output", "tie": "tie"})
        return _score(ours_first, other_first)

    def _other(self, sample: Sample) -> str | None:
        if self.against == "other":
            return sample.other_output
        return None if sample.target is None else text_of(sample.target)

    def _question(self, sample: Sample, first: str, second: str) -> JudgeQuestion:
        parts = [
            "You compare two answers of assistants to the same conversation.",
            f"Instructions for comparing:\n{self.instructions}",
        ]
        if sample.rubric.strip():
            parts.append(f"What to look at in this case:\n{sample.rubric}")
        parts.append("Say which answer is better. Their order and their length are no reason for either.")
        has_reference = self.against == "other" and self.use_reference and sample.target is not None
        wanted: JsonObject = {"wanted_answer": plain(sample.target)} if has_reference else {}
        material: JsonObject = {"conversation": conversation(sample), "first_answer": first, "second_answer": second}
        return JudgeQuestion(
            task="\n\n".join(parts),
            form='{"reason": "<one sentence>", "winner": "first" | "second" | "tie"}',
            material=material_text({**material, **wanted}),
            schema=_SCHEMA,
            max_tokens=self.max_tokens,
        )


@dataclass(frozen=True, kw_only=True)
class _Verdict:
    winner: str
    reason: str


def _verdict(text: str, meaning: dict[str, str]) -> _Verdict:
    answer = read_judgement(text, frozenset({"winner"}), frozenset({"winner", "reason"}))
    winner = answer["winner"]
    if not isinstance(winner, str) or winner not in meaning:
        raise JudgementError(f"the judge's winner must be first, second or tie, not {shown(winner)}")
    return _Verdict(winner=meaning[winner], reason=judged_text(answer.get("reason", "")))


def _score(ours_first: _Verdict, other_first: _Verdict) -> Score:
    details: JsonObject = {"output_first": ours_first.winner, "other_first": other_first.winner}
    if ours_first.winner != other_first.winner:
        reason = f"the orders disagree: {ours_first.winner} when first, {other_first.winner} when second"
        return Score(value=0.5, reason=reason, details=details)
    said = ours_first.reason or f"{ours_first.winner} in both orders"
    return Score(value=_VALUES[ours_first.winner], reason=said, details=details)
