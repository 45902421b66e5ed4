"""A rating is a number on its scale."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.labeling.question_types.rating import Rating


def test_numbers_on_the_scale_are_read_in_one_form():
    rating = Rating(minimum=0, maximum=1, step=0.1)
    assert [rating.read(value) for value in ("0.3", 0.1 + 0.2, 1, "1.0", " 0 ")] == [0.3, 0.3, 1, 1, 0]


@pytest.mark.parametrize("value", [0, 6, 2.5, "three", None, True, "nan", "inf", [3]])
def test_what_is_not_on_the_scale_is_refused_with_the_scale(value):
    with pytest.raises(InputError, match="from 1 to 5 in steps of 1"):
        Rating(minimum=1, maximum=5).read(value)


def test_distance_is_the_squared_number_of_steps():
    assert Rating(minimum=1, maximum=5).distance(1, 4) == 9
    assert Rating(minimum=0, maximum=1, step=0.1).distance(0.1, 0.3) == 4


@pytest.mark.parametrize(
    "settings",
    [
        {"minimum": 5, "maximum": 1},
        {"minimum": 1, "maximum": 1},
        {"minimum": 1, "maximum": 5, "step": 0},
        {"minimum": 1, "maximum": 5, "step": 3},
        {"minimum": 1, "maximum": float("inf")},
    ],
)
def test_settings_that_are_no_scale_are_refused(settings):
    with pytest.raises(InputError):
        Rating(**settings)
