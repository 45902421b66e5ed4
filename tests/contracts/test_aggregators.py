"""What holds for every aggregator, those of other packages too."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.ids import content_hash
from preceptor.qc.aggregator import ItemAnswer, aggregators
from preceptor.qc.resolve import resolve
from preceptor.qc.types import Label, Unresolved

NAMES = aggregators.names()

ANSWERS = st.lists(
    st.builds(
        ItemAnswer,
        item=st.sampled_from(["q1", "q2", "q3", "\u202e", "q\x00"]),
        annotator=st.sampled_from(["ann", "ben", "cy", ""]),
        value=st.one_of(st.none(), st.sampled_from(["good", "bad", 1, "1", 2.5, True, ["a"], "", " "])),
    ),
    max_size=30,
    unique_by=lambda answer: (answer.item, answer.annotator),
)


def test_two_ship_with_us():
    assert {"majority_vote", "dawid_skene"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_plugin_is_a_frozen_dataclass_with_version_and_help(name):
    cls = aggregators.get(name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen
    assert isinstance(cls.version, int)
    assert ">>>" in cls.__doc__


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=50, deadline=None)
@given(answers=ANSWERS)
def test_one_result_an_item_in_order_and_the_same_again(name, answers):
    made = aggregators.create(name)
    results = resolve(answers, made)
    assert [result.item for result in results] == list(dict.fromkeys(answer.item for answer in answers))
    assert results == resolve(answers, made)
    for result in results:
        if isinstance(result, Label):
            assert result.num_answers > 0
            assert result.confidence is None or 0 <= result.confidence <= 1
        else:
            assert isinstance(result, Unresolved)
            assert result.reason


@pytest.mark.parametrize("name", NAMES)
def test_unanimous_answers_give_that_label(name):
    answers = [ItemAnswer(item=q, annotator=a, value=v) for q, v in (("q1", "x"), ("q2", "y")) for a in "abc"]
    assert [result.value for result in resolve(answers, aggregators.create(name))] == ["x", "y"]


@pytest.mark.parametrize("name", NAMES)
def test_identity_records_every_setting(name):
    identity = aggregators.identify(aggregators.create(name))
    assert identity.name == name
    assert identity.hash == content_hash(identity)
    assert set(identity.settings) == {field.name for field in dataclasses.fields(aggregators.get(name))}


@pytest.mark.parametrize("name", NAMES)
def test_unknown_setting_is_refused(name):
    with pytest.raises(InputError, match="no_such_setting"):
        aggregators.create(name, {"no_such_setting": 1})
