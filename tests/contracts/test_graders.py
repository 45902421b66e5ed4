"""What holds for every grader, those of other packages too: a new file is tested without a change here."""

from __future__ import annotations

import asyncio
import dataclasses
import doctest
import importlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preceptor.core.construct import Problems
from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.grading.build import build_graders
from preceptor.grading.failures import JudgementError
from preceptor.grading.grader import Grader, ModelGrader, asks_model, dimension_names, graders
from preceptor.grading.types import Sample, Score
from preceptor.models.types import ChatRequest, Completion, Message

HOSTILE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "{}",
    "[]",
    "null",
    "NaN",
    '"text"',
    "{" * 10_000,
    "[" * 100_000,
    '{"category": null, "citations": {"a": 1}}',
    '{"citations": [[], {}, null, 1, true, "x"]}',
    '{"a": 1, "a": 2}',
    "9" * 5_000,
    "a" * 100_000,
    "```json\n{}\n```\n```json\n{}\n```",
    "I'm sorry, but I can't help with that.",
    "\u202e\u0000{{7*7}} {instructions} %s %n ${x}",
]


class EchoJudge:
    """Says a fixed text, whatever it is asked."""

    def __init__(self, says: str) -> None:
        self.says = says

    async def complete(self, request: ChatRequest) -> Completion:  # noqa: ARG002 - the protocol's signature
        return Completion(text=self.says, model="fake")


def examples(name: str) -> list[Grader | ModelGrader]:
    """The graders that the plugin's own docstring makes; running it also proves that the example runs."""
    cls = graders.get(name)
    module = importlib.import_module(cls.__module__)
    made: list[Grader | ModelGrader] = []
    original = cls.__init__

    def recording(self, **values: object) -> None:
        original(self, **values)
        made.append(self)

    cls.__init__ = recording
    try:
        for test in doctest.DocTestFinder(recurse=False).find(cls, globs=dict(vars(module))):
            assert doctest.DocTestRunner(verbose=False).run(test).failed == 0
    finally:
        cls.__init__ = original
    return made


def grade(grader: Grader | ModelGrader, sample: Sample, says: str = '{"score": 1, "reason": "x"}') -> Score:
    if not asks_model(grader):
        return grader.grade(sample)
    try:
        return asyncio.run(grader.grade_with(sample, EchoJudge(says)))
    except JudgementError as error:
        # Each judge is asked for JSON of its own form, and one text cannot be all of them.
        return Score(value=None, reason=str(error))


def check(score: Score) -> None:
    assert isinstance(score, Score)
    assert isinstance(score.reason, str)
    if score.value is None:
        assert score.reason, "no value needs a reason"
    else:
        assert isinstance(score.value, float)
        assert 0 <= score.value <= 1
        assert score.value == 1 or score.reason, "less than 1 needs a reason"
    for value in score.dimensions.values():
        assert value is None or 0 <= value <= 1


@pytest.fixture(params=graders.names())
def name(request) -> str:
    return request.param


def test_it_is_a_frozen_dataclass_with_a_version(name):
    cls = graders.get(name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert all(field.kw_only for field in dataclasses.fields(cls))
    assert isinstance(cls.version, int)
    assert cls.version >= 1


def test_its_docstring_makes_one_and_runs(name):
    assert examples(name)


def test_its_settings_written_to_a_file_make_the_same_grader(name):
    for grader in examples(name):
        written = json.loads(json.dumps(plain_object(grader)))
        problems = Problems("file")
        made = build_graders({"m": {"kind": name, **written}}, problems)
        assert problems.texts() == []
        assert made["m"] == grader
        assert graders.identify(made["m"]).hash == graders.identify(grader).hash


def test_it_scores_the_dimensions_that_it_names_and_no_other(name):
    for grader in examples(name):
        score = grade(grader, Sample(output="Refunds take 5 days [a].", target="x", passages={"a": "text"}))
        assert set(score.dimensions) <= set(dimension_names(grader))


def test_a_wrong_setting_is_refused(name):
    with pytest.raises(InputError, match="unknown key 'no_such_setting'"):
        graders.create(name, {"no_such_setting": 1})


@pytest.mark.parametrize("output", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_output_gives_a_score_and_never_an_error(name, output):
    sample = Sample(
        output=output,
        messages=(Message(role="user", content="?"),),
        target={"category": "x"},
        passages={"a": "text"},
        recorded_scores={"reward": 1.0},
    )
    for grader in examples(name):
        check(grade(grader, sample))
        check(grade(grader, dataclasses.replace(sample, target=None, passages={}, recorded_scores={}, messages=())))


def test_the_same_sample_gives_the_same_score(name):
    for grader in examples(name):
        for output in HOSTILE:
            sample = Sample(output=output, target="x")
            assert grade(grader, sample) == grade(grader, sample)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(output=st.text() | st.recursive(st.none() | st.booleans() | st.text(), st.lists, max_leaves=5).map(json.dumps))
def test_any_text_gives_a_score(name, output):
    for grader in examples(name):
        check(grade(grader, Sample(output=output, target=output, passages={output: output})))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(says=st.text() | st.floats().map(lambda value: json.dumps({"score": value})))
def test_whatever_a_judge_says_is_a_score_or_no_judgement(name, says):
    for grader in examples(name):
        check(grade(grader, Sample(output="x"), says))
