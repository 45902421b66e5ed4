"""A language model scores the output against instructions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.failures import JudgementError
from preceptor.grading.judge_request import (
    JudgeQuestion,
    check_judge,
    conversation,
    judge_request,
    judged_number,
    judged_text,
    material_text,
    read_judgement,
)
from preceptor.grading.output_part import shown
from preceptor.grading.types import Sample, Score
from preceptor.models.provider import ChatModel

MAX_DIMENSIONS = 20
_NAME = re.compile(r"[A-Za-z]\w{0,49}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One thing to score: its name, what is good there, and its share in the whole."""

    name: str
    instructions: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InputError(f"name {self.name!r}: a dimension's name is a letter, then up to 49 letters, digits or _")
        if not self.instructions.strip():
            raise InputError(f"the instructions of {self.name!r} are empty; say what is good there")
        if not 0 < self.weight < float("inf"):
            raise InputError(f"the weight of {self.name!r} is {self.weight:g}; give a number above 0")


@dataclass(frozen=True, kw_only=True)
class LlmJudge:
    """The judge's score, moved from `minimum`..`maximum` to 0..1.

    `instructions` say what a good answer is; `provider` is the judge (`kind`, `model`, ...),
    asked at temperature 0. With `dimensions` it scores each of them in the one answer, and
    the whole is their mean by weight. It sees the conversation, the answer, the case's rubric
    and, where there is one, the wanted answer; with `use_reference: false` it never sees that.
    The answer cannot speak as the instructions: it stands as a JSON string between marks made
    from its own hash, which it cannot foresee. Material longer than `max_characters` gets no score.

    >>> judge = LlmJudge(instructions="Is it polite?", provider={"kind": "openai", "model": "m"}, maximum=5.0)
    >>> judge.minimum, judge.maximum
    (0.0, 5.0)
    """

    version: ClassVar[int] = 2
    instructions: str
    provider: JsonObject
    minimum: float = 0.0
    maximum: float = 10.0
    dimensions: tuple[Dimension, ...] = ()
    use_reference: bool = True
    max_tokens: int = 512
    max_characters: int = 200_000

    def __post_init__(self) -> None:
        if not self.instructions.strip():
            raise InputError("instructions are empty; say what a good answer is")
        if self.maximum <= self.minimum:
            raise InputError(f"minimum is {self.minimum:g} and maximum {self.maximum:g}; the maximum must be larger")
        if len(self.dimensions) > MAX_DIMENSIONS:
            raise InputError(
                f"{len(self.dimensions)} dimensions; a judge scores at most {MAX_DIMENSIONS} in one answer"
            )
        twice = [name for name, count in Counter(self.dimension_names).items() if count > 1]
        if twice:
            raise InputError(f"the dimension {twice[0]!r} stands twice; keep one")
        check_judge(self.provider)

    @property
    def dimension_names(self) -> tuple[str, ...]:
        """Those of the settings."""
        return tuple(dimension.name for dimension in self.dimensions)

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:
        """The judge's score and reason.

        Raises JudgementError for an answer that is not the JSON asked for, or off the scale.
        """
        material = material_text(self._material(sample))
        if len(material) > self.max_characters:
            reason = f"{len(material):,} characters to judge, max_characters is {self.max_characters:,}"
            return Score(value=None, reason=reason)
        completion = await model.complete(judge_request(self._question(sample, material)))
        return self._read_parts(completion.text) if self.dimensions else self._read(completion.text)

    def _material(self, sample: Sample) -> JsonValue:
        has_reference = self.use_reference and sample.target is not None
        wanted: JsonObject = {"wanted_answer": plain(sample.target)} if has_reference else {}
        return {"conversation": conversation(sample), "answer_to_grade": sample.output, **wanted}

    def _question(self, sample: Sample, material: str) -> JudgeQuestion:
        parts = [f"You grade one answer of an assistant.\n\nInstructions for grading:\n{self.instructions}"]
        if sample.rubric.strip():
            parts.append(f"What to look at in this case:\n{sample.rubric}")
        scale = f"from {self.minimum:g} (worst) to {self.maximum:g} (best)"
        if not self.dimensions:
            parts.append(f"Give a score {scale}.")
        else:
            lines = [f"- {dimension.name}: {dimension.instructions}" for dimension in self.dimensions]
            parts.append("\n".join([f"Give each of these a score {scale}, each by itself:", *lines]))
        return JudgeQuestion(
            task="\n\n".join(parts),
            form=self._form,
            material=material,
            schema=self._answer_schema,
            max_tokens=self.max_tokens,
        )

    def _read(self, text: str) -> Score:
        answer = read_judgement(text, frozenset({"score"}), frozenset({"score", "reason"}))
        score = judged_number(answer["score"], self.minimum, self.maximum)
        reason = judged_text(answer.get("reason", ""))
        said = reason or f"the judge gave {score:g}, from {self.minimum:g} to {self.maximum:g}"
        return Score(value=self._moved(score), reason=said)

    def _read_parts(self, text: str) -> Score:
        answer = read_judgement(text, frozenset({"scores"}), frozenset({"scores", "reason"}))
        scores = answer["scores"]
        if not isinstance(scores, dict) or scores.keys() != set(self.dimension_names):
            raise JudgementError(
                f"scores must hold {', '.join(self.dimension_names)} and no other, not {shown(scores)}"
            )
        given = {name: judged_number(scores[name], self.minimum, self.maximum) for name in self.dimension_names}
        moved = {name: self._moved(score) for name, score in given.items()}
        weight = sum(dimension.weight for dimension in self.dimensions)
        whole = sum(moved[dimension.name] * (dimension.weight / weight) for dimension in self.dimensions)
        said = judged_text(answer.get("reason", "")) or ", ".join(f"{name} {score:g}" for name, score in given.items())
        # The weights' shares may add up to a hair above 1.
        return Score(value=min(1.0, whole), reason=said, dimensions=dict(moved))

    def _moved(self, score: float) -> float:
        return (score - self.minimum) / (self.maximum - self.minimum)

    @property
    def _form(self) -> str:
        if not self.dimensions:
            return '{"reason": "<one sentence>", "score": <number>}'
        inner = ", ".join(f'"{name}": <number>' for name in self.dimension_names)
        return f'{{"reason": "<one sentence>", "scores": {{{inner}}}}}'

    @cached_property
    def _answer_schema(self) -> JsonObject:
        number: JsonObject = {"type": "number", "minimum": self.minimum, "maximum": self.maximum}
        scores: JsonObject = {
            "type": "object",
            "properties": dict.fromkeys(self.dimension_names, number),
            "required": list(self.dimension_names),
            "additionalProperties": False,
        }
        score = {"scores": scores} if self.dimensions else {"score": number}
        return {
            "type": "object",
            "properties": {"reason": {"type": "string"}, **score},
            "required": ["reason", *score],
            "additionalProperties": False,
        }
