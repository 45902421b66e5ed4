"""The part of an output that graders read."""

from __future__ import annotations

import pytest

from preceptor.grading.output_part import Unreadable, only_fenced_block, read_part


def test_the_empty_path_is_the_whole_output_even_when_it_is_json():
    assert read_part('{"a": 1}', "") == '{"a": 1}'


def test_a_path_reads_inside_lists():
    assert read_part('{"steps": [{"name": "look"}]}', "steps.0.name") == "look"


@pytest.mark.parametrize(
    "output", ["", "Sure!", '{"category": NaN}', '{"category": 1', "[" * 100_000, '{"category": null}']
)
def test_what_cannot_be_read_is_the_models_failure_with_a_reason(output):
    part = read_part(output, "category")
    assert isinstance(part, Unreadable)
    assert part.reason


def test_two_fenced_blocks_are_not_one():
    assert only_fenced_block("```\n1\n```\n```\n2\n```") is None
