"""Dimensions, details and usage of a score as recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from preceptor.core.construct import Problems
from preceptor.core.errors import StorageError
from preceptor.core.json_values import JsonObject
from preceptor.grading.build import build_graders
from preceptor.grading.failures import JudgementError
from preceptor.grading.grade import grade, grade_prepared, prepare
from preceptor.grading.grader import metric_names
from preceptor.grading.types import Sample, Score
from preceptor.models.failures import InfraFailure
from preceptor.models.provider import ChatModel
from preceptor.models.types import ChatRequest, Completion, Usage

EMPTY = Sample(output="")


@dataclass(frozen=True, kw_only=True)
class Parted:
    """Scores two parts, if it is told their values."""

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = ("tone", "truth")
    value: float | None = 0.5
    tone: float | None = None
    truth: float | None = None
    has_parts: bool = True

    def grade(self, sample: Sample) -> Score:  # noqa: ARG002 - the protocol's signature
        parts = {"truth": self.truth, "tone": self.tone} if self.has_parts else {}
        return Score(value=self.value, reason="why", dimensions=parts, details={"found": ["\ud800"]})


@dataclass(frozen=True, kw_only=True)
class AskingTwice:
    version: ClassVar[int] = 1
    provider: JsonObject = field(default_factory=dict)

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:  # noqa: ARG002 - the same
        await model.complete(ChatRequest(messages=()))
        completion = await model.complete(ChatRequest(messages=()))
        if completion.text == "?":
            raise JudgementError("no judgement")
        return Score(value=1.0)


@dataclass
class Judge:
    """Gives one answer after the other, or raises an error."""

    answers: list[Completion | Exception]

    async def complete(self, request: ChatRequest) -> Completion:  # noqa: ARG002 - the same
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def said(text: str = "", tokens: int | None = 10, *, recorded: bool = False) -> Completion:
    usage = Usage(input_tokens=tokens, output_tokens=1, cost=0.25)
    return Completion(text=text, model="fake", usage=usage, recorded=recorded)


async def scores_of(grader: Parted) -> list[tuple[str, float | None, str]]:
    scores = await grade_prepared(EMPTY, prepare({"m": grader}), {})
    assert len({score.grader.hash for score in scores}) == 1
    return [(score.metric, score.value, score.status) for score in scores]


async def test_dimensions_are_metrics_of_their_own_in_the_order_that_the_grader_names():
    assert await scores_of(Parted(tone=1.0, truth=0.0)) == [
        ("m", 0.5, "ok"),
        ("m.tone", 1.0, "ok"),
        ("m.truth", 0.0, "ok"),
    ]


async def test_a_dimension_without_a_value_is_skipped_with_a_reason():
    assert await scores_of(Parted(truth=1.0)) == [("m", 0.5, "ok"), ("m.tone", None, "skipped"), ("m.truth", 1.0, "ok")]
    nothing = await grade_prepared(EMPTY, prepare({"m": Parted(value=None, has_parts=False)}), {})
    assert [(score.status, score.reason) for score in nothing] == [("skipped", "why")] * 3


@pytest.mark.parametrize("value", [1.5, -0.1])
async def test_a_dimension_off_the_scale_makes_all_of_it_a_recorded_failure(value):
    assert await scores_of(Parted(tone=value)) == [
        ("m", None, "grader_error"),
        ("m.tone", None, "grader_error"),
        ("m.truth", None, "grader_error"),
    ]


async def test_details_are_kept_in_a_form_that_can_be_stored():
    assert (await grade(EMPTY, "m", Parted(), None)).details == {"found": ["\ufffd"]}


async def test_the_judges_usage_is_the_sum_over_its_answers():
    score = await grade(EMPTY, "m", AskingTwice(), Judge([said(), said(tokens=5)]))
    assert score.usage == Usage(input_tokens=15, output_tokens=2, cost=0.5)
    assert score.details == {}


async def test_an_unknown_count_is_unknown_in_the_sum():
    score = await grade(EMPTY, "m", AskingTwice(), Judge([said(), said(tokens=None)]))
    assert score.usage == Usage(input_tokens=None, output_tokens=2, cost=0.5)


async def test_what_an_unreadable_judgement_took_is_counted_too():
    score = await grade(EMPTY, "m", AskingTwice(), Judge([said(), said("?")]))
    assert (score.status, score.usage.input_tokens, score.details) == ("grader_error", 20, {})


async def test_an_outage_of_the_judge_is_told_from_an_unreadable_judgement():
    score = await grade(EMPTY, "m", AskingTwice(), Judge([said(), InfraFailure("429")]))
    assert (score.status, score.value) == ("grader_error", None)
    assert score.details == {"is_infra": True}
    assert score.usage.input_tokens == 10


async def test_answers_from_a_cache_say_that_nothing_was_paid():
    both = await grade(EMPTY, "m", AskingTwice(), Judge([said(recorded=True), said(recorded=True)]))
    assert both.details == {"is_cached": True}
    one = await grade(EMPTY, "m", AskingTwice(), Judge([said(recorded=True), said()]))
    assert one.details == {}


async def test_a_full_disk_is_passed_on():
    with pytest.raises(StorageError):
        await grade(EMPTY, "m", AskingTwice(), Judge([StorageError("full")]))


def test_metric_names_hold_the_dimensions():
    assert metric_names({"a": Parted(), "b": AskingTwice()}) == ["a", "a.tone", "a.truth", "b"]


def test_a_metric_named_as_a_dimension_of_another_is_a_mistake():
    problems = Problems("suite.yaml")
    cited = {"kind": "citations"}
    build_graders({"cited": cited, "cited.exists": {"kind": "contains"}}, problems)
    assert problems.texts() == [
        "suite.yaml: cited.exists: metric 'cited.exists' is also a dimension of 'cited'; rename it"
    ]
