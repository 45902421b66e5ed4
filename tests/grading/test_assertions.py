"""Each type of assertion holds where it should, and its negation where it should not."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.assertions import Assertions, assertion_types
from preceptor.grading.types import Sample

CASES = [
    ("equals", "Yes", " Yes\n", "yes"),
    ("equals", {"a": 1}, '{"a": 1}', '{"a": 2}'),
    ("contains", "fox", "a fox", "a Fox"),
    ("icontains", "FOX", "a fox", "a dog"),
    ("contains-all", ["a", "b"], "ab", "ac"),
    ("contains-any", ["x", "b"], "ab", "ac"),
    ("icontains-all", ["A", "b"], "aB", "c"),
    ("icontains-any", ["X", "b"], "B", "c"),
    ("starts-with", "The", "The end", "An end: The"),
    ("regex", r"\bINV-\d+", "INV-12", "inv-12"),
    ("is-json", None, "[1]", "[1"),
    ("is-json", {"type": "object"}, "{}", "[]"),
]


@pytest.mark.parametrize(("kind", "value", "good", "bad"), CASES)
def test_types(kind, value, good, bad):
    wanted = {"assertions": [{"type": kind, "value": value}]}
    refused = {"assertions": [{"type": kind, "value": value, "negate": True}]}
    grades = [
        Assertions().grade(Sample(output=text, metadata=case)).value
        for case in (wanted, refused)
        for text in (good, bad)
    ]
    assert grades == [1, 0, 0, 1]


def test_every_type_is_tested():
    assert {kind for kind, *_ in CASES} == set(assertion_types())


def test_weights_and_threshold():
    """Weight 3 of 4 holds: a share of .75."""
    case = {"assertions": [{"type": "contains", "value": "a", "weight": 3}, {"type": "contains", "value": "b"}]}
    grader = Assertions(threshold=0.75)
    score = grader.grade(Sample(output="a", metadata=case))
    assert (score.value, score.dimensions) == (1, {"share": 0.75})
    assert Assertions().grade(Sample(output="a", metadata=case)).value == 0
    assert score.reason == "1 of 2 do not hold: contains 'b'"


def test_a_case_without_assertions_has_no_score():
    assert Assertions().grade(Sample(output="a")).value is None


@pytest.mark.parametrize(
    ("asserted", "says"),
    [
        ([{"type": "javascript", "value": "1"}], "type"),
        ([{"type": "contains"}], "has no value"),
        ([{"type": "contains", "value": "a", "weight": 0}], "weight is 0"),
        ([{"type": "regex", "value": "(a+)+"}], "repeats a repeat"),
        ([{"type": "regex", "value": "("}], "not a regular expression"),
        ([{"type": "is-json", "value": {"type": "nothing"}}], "no JSON schema"),
        ("text", "must be a list"),
    ],
)
def test_assertions_that_cannot_be_read(asserted, says):
    with pytest.raises(InputError, match=says):
        Assertions().grade(Sample(output="{}", metadata={"assertions": asserted}))


def test_long_texts_are_not_searched():
    case = {"assertions": [{"type": "regex", "value": "a"}]}
    assert Assertions(max_characters=3).grade(Sample(output="aaaa", metadata=case)).value is None
