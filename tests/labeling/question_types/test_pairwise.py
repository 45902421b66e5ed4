"""A pairwise answer names the better one, or a tie."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.labeling.question_types.pairwise import Pairwise


def test_names_can_be_those_of_the_data():
    question = Pairwise(first="1", second="2", tie="0")
    assert [question.read(value) for value in (1, "2", 0)] == ["1", "2", "0"]


def test_without_a_tie_annotators_must_decide():
    with pytest.raises(InputError, match="none of 'a', 'b'"):
        Pairwise(tie=None).read("tie")


@pytest.mark.parametrize("settings", [{"first": "x", "second": "x"}, {"tie": "a"}, {"first": ""}, {"second": "b "}])
def test_names_that_cannot_be_told_apart_are_refused(settings):
    with pytest.raises(InputError, match="different names"):
        Pairwise(**settings)
