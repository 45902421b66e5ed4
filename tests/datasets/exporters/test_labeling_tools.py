"""Records as Argilla and Label Studio read them; their own libraries do in the tests marked `peer_library`."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.exporter import exporters
from preceptor.datasets.types import SpanLabel

USER = "11111111-2222-3333-4444-555555555555"


def test_the_preferred_answer_is_not_always_shown_first(pair, rows):
    """Of 200 records about half: the order is drawn from the id (binomial, p = 0.5: outside 70-130 once in 40,000)."""
    shown = [
        rows("argilla", replace(pair, id=f"record_{number}"))[0]["suggestions"]["preferred"]["value"]
        for number in range(200)
    ]
    assert 70 <= shown.count("answer_1") <= 130


def test_the_suggestion_names_the_answer_that_was_preferred(pair, rows):
    for number in range(20):
        (row,) = rows("argilla", replace(pair, id=f"record_{number}"))
        assert row["fields"][row["suggestions"]["preferred"]["value"]] == "Hello."


def test_what_a_model_made_is_said_to_be_a_models(pair):
    argilla = exporters.create("argilla")
    (row,) = argilla.rows(replace(pair, generator="smollm2"))
    assert (row["suggestions"]["preferred"]["agent"], row["suggestions"]["preferred"]["type"]) == ("smollm2", "model")
    assert (row["metadata"]["generator"], row["metadata"]["synthetic"]) == ("smollm2", "yes")
    (row,) = argilla.rows(replace(pair, annotators=("ada", "bob"), licence="MIT"))
    assert (row["suggestions"]["preferred"]["agent"], row["suggestions"]["preferred"]["type"]) == ("ada, bob", "human")
    assert row["metadata"] == {"licence": "MIT", "synthetic": "no"}


def test_with_a_user_the_labels_are_that_users_answers(binary, rows):
    (row,) = rows("argilla", binary, kind="binary", user_id=USER)
    assert row["responses"] == {"is_good": [{"value": "no", "user_id": USER}]}
    assert row["suggestions"] == {}


def test_every_kind_has_its_fields_and_questions(ranking, steps, spans, chat, rows):
    (row,) = rows("argilla", ranking, kind="ranking")
    ranks = {row["fields"][one["value"]]: one["rank"] for one in row["suggestions"]["ranking"]["value"]}
    assert ranks == {"a": 1, "b": 2, "c": 2, "d": 3}
    (row,) = rows("argilla", steps, kind="steps")
    assert row["fields"]["step_2"] == "So 5."
    assert {name: one["value"] for name, one in row["suggestions"].items()} == {
        "step_1_is_good": "yes",
        "step_2_is_good": "no",
    }
    (row,) = rows("argilla", spans, kind="spans")
    assert row["suggestions"]["spans"]["value"] == [
        {"start": 0, "end": 3, "label": "PERSON"},
        {"start": 7, "end": 11, "label": "PLACE"},
    ]
    (row,) = rows("argilla", chat, kind="sft")
    assert (len(row["fields"]["prompt"]), row["suggestions"]["answer"]["value"]) == (4, "6")


def test_other_kinds_are_left_out(chat, rows):
    assert rows("argilla", chat) == rows("label-studio", chat) == []


@pytest.mark.parametrize(
    ("settings", "reason"), [({"kind": "scored"}, "whole numbers"), ({"user_id": "ada"}, "is no UUID")]
)
def test_settings_that_argilla_cannot_have_are_refused(settings, reason):
    with pytest.raises(InputError, match=reason):
        exporters.create("argilla", settings)


def test_label_studio_choices_name_the_side_of_the_preferred_answer(pair, rows):
    for number in range(20):
        (task,) = rows("label-studio", replace(pair, id=f"record_{number}"))
        (side,) = task["predictions"][0]["result"][0]["value"]["choices"]
        assert task["data"][f"answer_{side.lower()}"] == "Hello."


def test_label_studio_keeps_the_provenance_with_the_data(spans):
    exporter = exporters.create("label-studio", {"kind": "spans", "known_as": "annotations"})
    (task,) = exporter.rows(replace(spans, generator="m", licence="MIT", source="made"))
    assert task["data"] == {
        "text": "Ada in Oslo",
        "record_id": "l",
        "source": "made",
        "licence": "MIT",
        "generator": "m",
    }
    assert [region["value"]["text"] for region in task["annotations"][0]["result"]] == ["Ada", "Oslo"]


@pytest.mark.parametrize(
    "label", [SpanLabel(message=0, start=5, end=99, label="X"), SpanLabel(message=0, start=3, end=3, label="X")]
)
def test_labels_outside_the_text_are_refused(spans, rows, label):
    with pytest.raises(InputError, match="has a label on the characters"):
        rows("label-studio", replace(spans, spans=(label,)), kind="spans")


@pytest.mark.parametrize("name", ["argilla", "label-studio"])
@pytest.mark.parametrize("places", [(0, 1), (7,), (-1,), ()])
def test_labels_on_several_turns_or_on_none_are_refused(spans, rows, name, places):
    labels = tuple(SpanLabel(message=place, start=0, end=1, label="X") for place in places)
    with pytest.raises(InputError, match="has labels on"):
        rows(name, replace(spans, spans=labels), kind="spans")


def test_a_label_cannot_break_out_of_the_configuration():
    hostile = '"/><Script>&'
    config = exporters.create("label-studio", {"kind": "spans", "labels": [hostile]}).config("tasks.json")
    tree = ET.fromstring(config.content)  # noqa: S314 - made by us just above
    assert [one.get("value") for one in tree.iter("Label")] == [hostile]
