"""The shape of an output shows why it is not the JSON that was asked for."""

from __future__ import annotations

import pytest

from preceptor.triage.json_shape import look_at_json


@pytest.mark.parametrize(
    ("output", "finish_reason", "cause"),
    [
        ('{"answer": "yes"}', "stop", "schema_not_followed"),
        ("[1, 2]", None, "schema_not_followed"),
        ('```json\n{"answer": "yes"}\n```', "stop", "format_not_followed"),
        ("```\n[1]\n```", "stop", "format_not_followed"),
        ('Sure! {"answer": "yes"}', "stop", "format_not_followed"),
        ('{"answer": "yes"} Anything else?', "stop", "format_not_followed"),
        ("You can return it.", "stop", "format_not_followed"),
        ("You can ret", "length", "format_not_followed"),
        ('{"answer": "yes, you ca', "length", "token_limit"),
        ('```json\n{"answer": "yes, you ca', "max_tokens", "token_limit"),
        ("", "length", "token_limit"),
        ('{"answer": "yes, you ca', "stop", "unknown"),
        ('{"answer": yes}', "stop", "unknown"),
        ("[" * 5000, "stop", "unknown"),
    ],
)
def test_root_cause_is_what_the_shape_supports(output, finish_reason, cause):
    assert look_at_json(output, finish_reason).root_cause == cause


def test_place_is_what_does_not_belong():
    """The prose before, or after, the JSON."""
    before, after = 'Sure! {"a": 1}', '{"a": 1} Bye'
    assert before[slice(*look_at_json(before, "stop")[1:])] == "Sure! "
    assert after[slice(*look_at_json(after, "stop")[1:])] == " Bye"
