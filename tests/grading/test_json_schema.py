"""JSON of the wanted shape."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.grading.graders.json_schema import JsonSchema
from preceptor.grading.types import Sample

SHAPE = {
    "type": "object",
    "required": ["answer", "category"],
    "properties": {
        "answer": {"type": "string"},
        "category": {"enum": ["billing", "other"]},
        "citations": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": False,
}


def test_a_good_output_scores_1():
    sample = Sample(output='{"answer": "yes", "category": "other", "citations": []}')
    assert JsonSchema(schema=SHAPE).grade(sample).value == 1.0


def test_every_error_is_named_with_its_place():
    sample = Sample(output='{"answer": 1, "category": "x", "citations": ["a", 2]}')
    reason = JsonSchema(schema=SHAPE).grade(sample).reason
    for part in ("answer: 1 is not", "category: 'x' is not one of", "citations[1]: 2 is not"):
        assert part in reason


FENCED = 'Here you are:\n```json\n{"answer": "yes", "category": "other"}\n```\nGoodbye.'


def test_prose_around_the_json_fails_by_default():
    score = JsonSchema(schema=SHAPE).grade(Sample(output=FENCED))
    assert (score.value, "not JSON" in score.reason) == (0.0, True)


def test_prose_around_the_json_is_allowed_when_asked():
    assert JsonSchema(schema=SHAPE, extract="fenced").grade(Sample(output=FENCED)).value == 1.0


def test_a_long_list_of_errors_is_cut():
    sample = Sample(output="[" + ",".join(["1"] * 1_000) + "]")
    reason = JsonSchema(schema={"items": {"type": "string"}}).grade(sample).reason
    assert "and 980 more" in reason
    assert len(reason) < 6_000


def test_a_broken_schema_is_refused_with_its_place():
    with pytest.raises(InputError, match=r"properties\.a\.type"):
        JsonSchema(schema={"properties": {"a": {"type": "strng"}}})


def test_references_are_never_fetched(monkeypatch):
    """The network would be asked through urlopen; the reference simply cannot be resolved."""
    asked: list[object] = []
    monkeypatch.setattr("urllib.request.urlopen", asked.append)
    with pytest.raises(InputError, match="refers to"):
        JsonSchema(schema={"$ref": "http://127.0.0.1:9/shape.json"})
    assert asked == []


def test_a_reference_inside_the_schema_works():
    shape = {"$defs": {"text": {"type": "string"}}, "items": {"$ref": "#/$defs/text"}}
    assert JsonSchema(schema=shape).grade(Sample(output='["a", 1]')).reason == "[1]: 1 is not of type 'string'"


def test_every_error_is_listed_with_its_place_and_keyword():
    shape = {
        "type": "object",
        "required": ["id"],
        "properties": {"rows": {"items": {"type": "integer"}}},
    }
    score = JsonSchema(schema=shape).grade(Sample(output='{"rows": [0, "a", 2, 3, 4, 5, 6, 7, 8, 9, "b"]}'))
    assert score.details["num_errors"] == 3
    assert [(error["path"], error["keyword"]) for error in score.details["errors"]] == [
        ("", "required"),
        ("rows[1]", "type"),
        ("rows[10]", "type"),
    ]


def test_many_errors_are_counted_and_the_first_ones_kept():
    score = JsonSchema(schema={"items": {"type": "integer"}}).grade(Sample(output=str(["x"] * 1_000).replace("'", '"')))
    assert score.details["num_errors"] == 1_000
    assert len(score.details["errors"]) == 200
