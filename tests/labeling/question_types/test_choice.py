"""A choice takes its options and nothing else."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.labeling.question_types.choice import Choice

CHOICE = Choice(options=("good", "bad", "1"))


def test_option_is_read_whatever_its_type_or_spaces():
    assert [CHOICE.read(value) for value in ("good", " bad ", 1, "1")] == ["good", "bad", "1", "1"]


@pytest.mark.parametrize("value", ["Good", "", None, True, ["good"]])
def test_anything_else_is_refused_with_the_options(value):
    with pytest.raises(InputError, match="none of the options 'good', 'bad', '1'"):
        CHOICE.read(value)


@pytest.mark.parametrize("options", [(), ("one",), ("a", "a"), ("a", ""), ("a", " b")])
def test_options_that_are_no_choice_are_refused(options):
    with pytest.raises(InputError, match="option"):
        Choice(options=options)
