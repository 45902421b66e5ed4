"""Exact match with its ways of softening."""

from __future__ import annotations

import pytest

from preceptor.grading.graders.exact_match import ExactMatch
from preceptor.grading.types import Sample


@pytest.mark.parametrize(
    ("grader", "output", "target", "value"),
    [
        (ExactMatch(), "Paris", "Paris", 1.0),
        (ExactMatch(), "paris", "Paris", 0.0),
        (ExactMatch(ignore_case=True), "STRASSE", "straße", 1.0),
        (ExactMatch(), "Paris\n", "Paris", 0.0),
        (ExactMatch(ignore_space=True), " New\n York ", "New York", 1.0),
        (ExactMatch(), "5", 5, 1.0),
        (ExactMatch(), "5", 5.0, 1.0),
        (ExactMatch(path="n"), '{"n": 5}', 5.0, 1.0),
        (ExactMatch(path="n"), '{"n": "5"}', 5, 0.0),
        (ExactMatch(path="n"), '{"n": true}', 1, 0.0),
        (ExactMatch(path="tags"), '{"tags": ["a", "b"]}', ["a", "b"], 1.0),
        (ExactMatch(any_of=True), "b", ["a", "b"], 1.0),
        (ExactMatch(path="category", target_path="category"), '{"category": "x"}', {"category": "x"}, 1.0),
    ],
)
def test_value(grader, output, target, value):
    assert grader.grade(Sample(output=output, target=target)).value == value


def test_output_without_json_scores_0_with_the_reason():
    score = ExactMatch(path="category").grade(Sample(output="It is billing.", target="billing"))
    assert score.value == 0.0
    assert "not JSON" in score.reason


def test_no_target_is_no_score():
    score = ExactMatch(target_path="category").grade(Sample(output="x", target={"kind": "y"}))
    assert score.value is None
    assert "no target at 'category'" in score.reason
