"""What holds for every question type, those of other packages too."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.rows import text_of
from preceptor.labeling.question_type import question_types

NAMES = question_types.names()
# One that ships needs its settings here; one from elsewhere is made from its defaults.
SETTINGS = {"choice": {"options": ["good", "bad", "1"]}, "rating": {"minimum": 1, "maximum": 5, "step": 0.5}}
CANDIDATES = ["good", "bad", "1", "a", "b", "tie", 1, 1.5, "4.5", 5]

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def make(name):
    return question_types.create(name, SETTINGS.get(name, {}))


def valid_answers(question):
    found = []
    for candidate in CANDIDATES:
        try:
            found.append(question.read(candidate))
        except InputError:
            continue
    return found


def test_three_ship_with_us():
    assert {"choice", "rating", "pairwise"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_plugin_is_a_frozen_dataclass_whose_example_runs(name):
    cls = question_types.get(name)
    assert cls.__dataclass_params__.frozen
    assert isinstance(cls.version, int)
    assert dataclasses.is_dataclass(cls)
    module = importlib.import_module(cls.__module__)
    examples = doctest.DocTestFinder().find(cls, module=module)
    assert any(example.examples for example in examples)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=200, deadline=None)
@given(value=JSON_VALUES)
def test_any_value_is_read_or_refused_with_a_reason(name, value):
    question = make(name)
    try:
        read = question.read(value)
    except InputError:
        return
    assert question.read(read) == read
    assert question.read(text_of(read)) == read


@pytest.mark.parametrize("name", NAMES)
def test_distance_is_a_distance(name):
    question = make(name)
    answers = valid_answers(question)
    assert len(answers) >= 2
    for first, second in itertools.product(answers, repeat=2):
        apart = question.distance(first, second)
        assert apart == question.distance(second, first)
        assert (apart == 0) == (first == second)
        assert apart >= 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["", None, "no such answer", [], {}])
def test_refusal_names_what_is_allowed(name, value):
    with pytest.raises(InputError, match="none of|from"):
        make(name).read(value)
