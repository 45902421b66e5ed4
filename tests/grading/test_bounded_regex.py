"""No pattern that a person writes and no text that a model writes holds a run up."""

from __future__ import annotations

import time

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.bounded_regex import bounded_pattern, bounded_search

BOMBS = [r"(a|a)*b", r"(a|aa)+$", r"(a?){60}a{60}b", r"(?:a|a)*?b", r".*.*.*.*=.*x"]


@pytest.mark.parametrize("pattern", BOMBS)
def test_a_bomb_ends(pattern):
    """Within the second that is allowed, and some room for a busy machine."""
    begun = time.process_time()
    try:
        bounded_search(bounded_pattern(pattern), "a" * 60 + "!" + "a " * 1500)
    except InputError as error:
        assert "was still looking after 1 s" in str(error)  # noqa: PT017 - either of two endings is right
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("pattern", "says"), [("(a+)+", "repeats a repeat"), ("(", "not a regular"), ("", "0 characters")]
)
def test_what_is_no_usable_pattern_is_refused(pattern, says):
    with pytest.raises(InputError, match=says):
        bounded_pattern(pattern)


def test_case_is_ignored_where_asked():
    assert bounded_search(bounded_pattern("acme", ignore_case=True), "ACME") is not None
    assert bounded_search(bounded_pattern("acme"), "ACME") is None
