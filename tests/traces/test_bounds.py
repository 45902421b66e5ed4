"""A damaged or hostile record stays small, and in characters that every database holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.ids import canonical_json
from preceptor.models.types import Message
from preceptor.traces.bounds import MAX_METADATA_BYTES, bounded, bounded_metadata, cleaned
from preceptor.traces.types import Trace


def trace(**changes):
    return Trace(**{"id": "trace_1", "source": "jsonl", "messages": (), "output": "Hi", **changes})


def test_texts_that_are_too_long_together_are_refused():
    long = Message(role="user", content="x" * 2_500_000)
    with pytest.raises(InputError, match="5,000,002 characters long"):
        bounded(trace(messages=(long, long)))


@pytest.mark.parametrize("field", ["conversation", "model", "finish_reason"])
def test_name_that_no_index_holds_is_refused(field):
    with pytest.raises(InputError, match="501 characters long; at most 500"):
        bounded(trace(**{field: "x" * 501}))


def test_too_many_scores_are_refused():
    with pytest.raises(InputError, match="1,001 recorded scores"):
        bounded(trace(recorded_scores={str(number): 0.0 for number in range(1001)}))


def test_metadata_that_does_not_fit_is_named():
    made = bounded(trace(metadata={"a": 1, "page": "x" * 70_000, "b": 2})).metadata
    assert made == {"a": 1, "b": 2, "left_out": ["page"]}


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.text(max_size=20_000), max_size=20))
def test_metadata_is_never_larger_than_its_bound(metadata):
    names = 200 * 200 * 4
    assert len(canonical_json(bounded_metadata(cleaned(metadata)))) <= MAX_METADATA_BYTES + names


@settings(deadline=None)
@given(st.text(st.characters()))
def test_cleaned_text_can_be_written(text):
    made = cleaned(text)
    assert "\x00" not in made
    made.encode("utf-8")


def test_half_of_a_surrogate_pair_is_replaced_and_a_whole_pair_joined():
    assert cleaned("a\ud83d b \ud83d\ude00") == "a\ufffd b \U0001f600"


def test_number_beyond_all_floats_is_refused():
    with pytest.raises(InputError, match="too large"):
        cleaned({"score": [1e400]})
