"""A judge that scores several things in one answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from preceptor.core.construct import Problems
from preceptor.core.errors import InputError
from preceptor.grading.build import build_graders
from preceptor.grading.failures import JudgementError
from preceptor.grading.graders.llm_judge import Dimension, LlmJudge
from preceptor.grading.types import Sample
from preceptor.models.types import ChatRequest, Completion

PROVIDER = {"kind": "openai", "model": "judge-1"}
DIMENSIONS = (
    Dimension(name="tone", instructions="Is it warm?"),
    Dimension(name="truth", instructions="Is it true?", weight=3.0),
)


@dataclass
class FakeJudge:
    says: str
    asked: list[ChatRequest] = field(default_factory=list)

    async def complete(self, request: ChatRequest) -> Completion:
        self.asked.append(request)
        return Completion(text=self.says, model="fake")


def judge(**settings) -> LlmJudge:
    given = {
        "instructions": "Grade it.",
        "provider": PROVIDER,
        "dimensions": DIMENSIONS,
        "maximum": 5.0,
        "minimum": 1.0,
    }
    return LlmJudge(**{**given, **settings})


async def test_the_whole_is_the_mean_by_weight():
    """(5 → 1) · 1/4 + (2 → 0.25) · 3/4 = 0.4375."""
    fake = FakeJudge('{"scores": {"truth": 2, "tone": 5}, "reason": "warm, wrong"}')
    score = await judge().grade_with(Sample(output="hi"), fake)
    assert (score.value, score.reason) == (0.4375, "warm, wrong")
    assert score.dimensions == {"tone": 1.0, "truth": 0.25}
    assert len(fake.asked) == 1
    assert "- truth: Is it true?" in fake.asked[0].messages[0].content
    assert fake.asked[0].response_schema["properties"]["scores"]["required"] == ["tone", "truth"]


@pytest.mark.parametrize(
    "says",
    [
        '{"score": 5}',
        '{"scores": 5}',
        '{"scores": {"tone": 5}}',
        '{"scores": {"tone": 5, "truth": 5, "style": 5}}',
        '{"scores": {"tone": 5, "truth": 6}}',
        '{"scores": {"tone": 5, "truth": "5"}}',
        '{"scores": {"tone": 5, "truth": null}}',
        '{"scores": {"tone": 5, "truth": 5}, "score": 5}',
        '{"scores": {"tone": 5, "truth": 5}, "reason": 1}',
    ],
)
async def test_anything_else_is_no_judgement(says):
    with pytest.raises(JudgementError):
        await judge().grade_with(Sample(output="hi"), FakeJudge(says))


async def test_full_marks_are_exactly_1_whatever_the_weights():
    """0.1 + 0.2 + 0.7 as shares need not add up to 1 in floating point."""
    parts = tuple(Dimension(name=f"d{n}", instructions="x", weight=weight) for n, weight in enumerate((0.1, 0.2, 0.7)))
    says = json.dumps({"scores": {"d0": 5, "d1": 5, "d2": 5}})
    score = await judge(dimensions=parts).grade_with(Sample(output="hi"), FakeJudge(says))
    assert score.value is not None
    assert 1 - 1e-12 < score.value <= 1


async def test_the_cases_rubric_is_an_instruction_and_the_reference_can_be_hidden():
    fake = FakeJudge('{"score": 5}')
    sample = Sample(output="hi", target="good day", rubric="It must greet.")
    await judge(dimensions=()).grade_with(sample, fake)
    await judge(dimensions=(), use_reference=False).grade_with(sample, fake)
    first, second = (request.messages for request in fake.asked)
    assert "It must greet." in first[0].content
    assert "good day" in first[1].content
    assert "good day" not in second[1].content


def test_dimensions_are_read_from_a_file():
    entry = {
        "kind": "llm_judge",
        "instructions": "Grade it.",
        "provider": PROVIDER,
        "dimensions": [{"name": "tone", "instructions": "Is it warm?"}],
    }
    problems = Problems("suite.yaml")
    made = build_graders({"judged": entry}, problems)
    assert problems.texts() == []
    assert made["judged"].dimension_names == ("tone",)


@pytest.mark.parametrize(
    ("dimension", "match"),
    [
        ({"name": "a.b", "instructions": "x"}, "name 'a.b'"),
        ({"name": "a", "instructions": " "}, "empty"),
        ({"name": "a", "instructions": "x", "weight": 0.0}, "weight"),
        ({"name": "a", "instructions": "x", "weight": float("inf")}, "weight"),
    ],
)
def test_wrong_dimensions_are_refused(dimension, match):
    with pytest.raises(InputError, match=match):
        Dimension(**dimension)


def test_a_dimension_stands_once():
    with pytest.raises(InputError, match="twice"):
        judge(dimensions=(DIMENSIONS[0], DIMENSIONS[0]))
