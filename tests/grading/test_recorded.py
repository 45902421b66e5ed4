"""Scores that came with the output."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.recorded import Recorded
from preceptor.grading.types import Sample


@pytest.mark.parametrize(
    ("threshold", "recorded", "value"), [(None, 0.25, 0.25), (1.0, 1.0, 1.0), (1.0, 0.99, 0.0), (4, 5.0, 1.0)]
)
def test_value(threshold, recorded, value):
    sample = Sample(output="", recorded_scores={"reward": recorded})
    assert Recorded(name="reward", threshold=threshold).grade(sample).value == value


def test_a_value_off_the_scale_is_no_score():
    score = Recorded(name="stars").grade(Sample(output="", recorded_scores={"stars": 5}))
    assert score.value is None
    assert "set a threshold" in score.reason


def test_a_missing_score_is_no_score():
    score = Recorded(name="reward").grade(Sample(output="", recorded_scores={"vote": 1}))
    assert score.value is None
    assert "there are: vote" in score.reason


def test_an_empty_name_is_refused():
    with pytest.raises(InputError, match="name is empty"):
        Recorded(name="")
