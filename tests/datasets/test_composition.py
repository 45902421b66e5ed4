"""A composition counts the same records the same way, however they were divided."""

from __future__ import annotations

from dataclasses import replace

from preceptor.datasets.batch import iter_batches
from preceptor.datasets.composition import MAX_VALUES, CompositionCounter, composition
from preceptor.datasets.types import Media


def test_parts_merged_in_any_order_give_the_same_composition(records):
    whole = composition(records, ["intent"])
    parts = [CompositionCounter(["intent"]) for _ in range(3)]
    for place, batch in enumerate(iter_batches(records, size=1)):
        parts[place % 3].add(batch)
    merged = CompositionCounter(["intent"])
    for part in reversed(parts):
        merged.merge(part)
    assert merged.result() == whole


def test_every_property_is_counted(records):
    found = composition(records, ["intent"])
    assert found.splits == {"preference": {"train": 1, "validation": 1}, "sft": {"test": 1, "train": 3}}
    assert found.counts["licence"] == {"": 3, "CC-BY-4.0": 2, "MIT": 1}
    assert found.counts["annotator"] == {"ada": 2, "bob": 1}
    assert found.counts["metadata.intent"] == {"refund": 1}
    assert (found.num_groups, found.num_with_sources) == (1, 1)


def test_a_length_is_that_of_all_texts_of_a_record(sft):
    """'ab' and 'cdé' are 5 characters: in the doubling from 4 to 7."""
    found = composition([sft("ab", "cdé")])
    assert found.counts["length"] == {"00000004–00000007": 1}
    assert found.num_characters == 5


def test_files_in_the_messages_are_counted_by_their_kind(sft):
    media = (
        Media(message=0, at=0, kind="image", sha256="0" * 64),
        Media(message=0, at=0, kind="audio", sha256="1" * 64),
    )
    assert composition([replace(sft("a", "b"), media=media)]).counts["media"] == {"audio": 1, "image": 1}


def test_a_field_with_too_many_values_is_named_instead_of_listed(sft):
    """Memory stays bounded, and merging parts that alone had few enough comes to the same."""
    one, two = CompositionCounter(), CompositionCounter()
    for batch in iter_batches(sft(f"{n}", "b", source=f"page {n}", licence="MIT") for n in range(MAX_VALUES)):
        one.add(batch)
    for batch in iter_batches([sft("x", "b", source="another page", licence="MIT")]):
        two.add(batch)
    assert one.result().too_many == ()
    one.merge(two)
    assert one.result().too_many == ("source",)
    assert one.result().counts["source"] == {}
    assert one.result().counts["licence"] == {"MIT": MAX_VALUES + 1}
