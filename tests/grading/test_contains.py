"""Texts within an output."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.contains import Contains
from preceptor.grading.types import Sample


@pytest.mark.parametrize(
    ("grader", "value"),
    [
        (Contains(values=("refund", "voucher")), 1.0),
        (Contains(values=("refund", "voucher"), match="all"), 0.0),
        (Contains(values=("voucher",), match="none"), 1.0),
        (Contains(values=("refund",), match="none"), 0.0),
        (Contains(values=("REFUND",)), 0.0),
        (Contains(values=("REFUND",), ignore_case=True), 1.0),
    ],
)
def test_value(grader, value):
    assert grader.grade(Sample(output="Your refund is on its way.")).value == value


def test_a_list_is_searched_by_whole_elements():
    """The id `refund` is not found in the id `refunds`."""
    assert Contains(values=("refund",), path="ids").grade(Sample(output='{"ids": ["refunds"]}')).value == 0.0


def test_values_may_come_from_the_target():
    sample = Sample(output="a and b", target={"words": ["a", "b"]})
    assert Contains(target_path="words", match="all").grade(sample).value == 1.0


def test_nothing_to_look_for_is_no_score():
    assert Contains().grade(Sample(output="a")).value is None


def test_the_reason_names_what_is_missing():
    assert Contains(values=("x", "y"), match="all").grade(Sample(output="x")).reason == "lacks 'y'"


def test_an_empty_text_is_refused():
    with pytest.raises(InputError, match="empty text"):
        Contains(values=("a", ""))
