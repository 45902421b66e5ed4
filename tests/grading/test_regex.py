"""Patterns, and the bound on their time."""

from __future__ import annotations

import re
import time

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.regex import Regex
from preceptor.grading.regex_safety import nested_repeat
from preceptor.grading.types import Sample


def test_found_anywhere():
    assert Regex(pattern=r"\d{4}").grade(Sample(output="in 2026")).value == 1.0


def test_unwanted_pattern_is_quoted_in_the_reason():
    score = Regex(pattern=r"\d+", is_wanted=False).grade(Sample(output="call 555"))
    assert (score.value, score.reason) == (0.0, "contains '555'")


def test_too_long_a_text_is_no_score():
    score = Regex(pattern="a", max_characters=10).grade(Sample(output="a" * 11))
    assert score.value is None
    assert "max_characters" in score.reason


@pytest.mark.parametrize(
    "pattern", [r"(a+)+", r"(?:\w+\s?)*$", r"((a*)b?){2,}", r"(x|y+)+", r"(?=(a+)+)b", r"(?>(a+)+b)"]
)
def test_a_repeat_of_a_repeat_is_refused(pattern):
    with pytest.raises(InputError, match="repeats a repeat"):
        Regex(pattern=pattern)


@pytest.mark.parametrize(
    "pattern", [r"(?:a++)+", r"(?:(?>a+),)+", r"\w+\s+\w+", r"(?:\d{1,3},)*\d{3}", r"(ab)+", r"(a|b)*c+"]
)
def test_patterns_that_stay_quick_are_accepted(pattern):
    assert not nested_repeat(re.compile(pattern))


def test_a_slow_accepted_pattern_ends():
    """Two repeats of the same letter cost the cube of the length: 1,000 characters are about 2e8 steps."""
    grader = Regex(pattern=r"a*a*b", max_characters=1_000)
    start = time.process_time()
    assert grader.grade(Sample(output="a" * 1_000)).value == 0.0
    assert time.process_time() - start < 30


def test_a_broken_pattern_is_refused():
    with pytest.raises(InputError, match="not a regular expression"):
        Regex(pattern="(")
