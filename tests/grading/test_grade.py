"""From one output to recorded scores; what a grader's crash becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from preceptor.core.errors import NotAllowedError, ProviderError
from preceptor.core.json_values import JsonObject
from preceptor.grading.failures import JudgementError
from preceptor.grading.grade import grade, grade_all
from preceptor.grading.graders.contains import Contains
from preceptor.grading.graders.exact_match import ExactMatch
from preceptor.grading.types import Sample, Score
from preceptor.models.provider import ChatModel
from preceptor.models.types import ChatRequest, Completion


@dataclass(frozen=True, kw_only=True)
class Crashing:
    """A grader with a fault."""

    version: ClassVar[int] = 1

    def grade(self, sample: Sample) -> Score:
        return Score(value=1 / len(sample.output))


@dataclass(frozen=True, kw_only=True)
class Constant:
    """A grader that always says the same."""

    version: ClassVar[int] = 1
    value: float | None
    reason: str = ""

    def grade(self, sample: Sample) -> Score:  # noqa: ARG002 - the protocol’s signature
        return Score(value=self.value, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A grader that asks a judge."""

    version: ClassVar[int] = 1
    provider: JsonObject = field(default_factory=dict)

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:  # noqa: ARG002 - the same
        return Score(value=float((await model.complete(ChatRequest(messages=()))).text))


@dataclass
class Judge:
    """Says a text or raises an error."""

    says: str | Exception

    async def complete(self, request: ChatRequest) -> Completion:  # noqa: ARG002 - the same
        if isinstance(self.says, Exception):
            raise self.says
        return Completion(text=self.says, model="fake")


EMPTY = Sample(output="")


async def test_a_score_is_recorded_with_its_grader():
    score = await grade(Sample(output="a"), "exact", ExactMatch(any_of=True), None)
    assert (score.metric, score.value, score.status) == ("exact", None, "skipped")
    assert (score.grader.name, score.grader.version, score.grader.settings["any_of"]) == ("exact_match", 1, True)


async def test_a_crash_is_a_recorded_failure_never_0():
    score = await grade(EMPTY, "m", Crashing(), None)
    assert (score.value, score.status) == (None, "grader_error")
    assert score.reason == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize("value", [1.0001, -0.1, float("nan"), float("inf")])
async def test_a_value_off_the_scale_is_a_recorded_failure(value):
    score = await grade(EMPTY, "m", Constant(value=value), None)
    assert (score.value, score.status) == (None, "grader_error")


@pytest.mark.parametrize("error", [JudgementError("cannot be read"), ProviderError("it is down"), TimeoutError()])
async def test_a_judge_that_fails_is_a_recorded_failure(error):
    score = await grade(EMPTY, "m", Asking(), Judge(error))
    assert (score.value, score.status) == (None, "grader_error")
    assert type(error).__name__ in score.reason


async def test_a_spend_limit_is_passed_on():
    with pytest.raises(NotAllowedError, match="limit"):
        await grade(EMPTY, "m", Asking(), Judge(NotAllowedError("the limit is reached")))


async def test_no_judge_is_a_skipped_score():
    assert (await grade(EMPTY, "m", Asking(), None)).status == "skipped"


async def test_reasons_can_be_kept_by_every_database():
    """A model may write NUL and half surrogates, which PostgreSQL and UTF-8 refuse; and it may write a lot."""
    score = await grade(EMPTY, "m", Constant(value=0.0, reason="\x00\ud800" + "x" * 10_000), None)
    assert score.reason.startswith("\ufffd\ufffdx")
    assert len(score.reason) < 2_100


async def test_each_metric_has_its_score_and_its_judge():
    wanted = {"crash": Crashing(), "word": Contains(values=("a",)), "judged": Asking(), "other": Asking()}
    scores = await grade_all(EMPTY, wanted, {"judged": Judge("0.5"), "other": Judge("1")})
    assert [(score.metric, score.value) for score in scores] == [
        ("crash", None),
        ("word", 0.0),
        ("judged", 0.5),
        ("other", 1.0),
    ]
