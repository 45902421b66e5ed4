"""A diff says what was added, removed, moved and changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from preceptor.datasets import diff_index
from preceptor.datasets.commit import commit
from preceptor.datasets.composition import composition
from preceptor.datasets.diff import diff
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.types import DatasetDraft, DatasetNotes


@pytest.fixture
def version(tmp_path, clock):
    return lambda *records: commit(DatasetDraft(name="d", records=records), tmp_path, clock)


def test_added_removed_moved_and_changed_are_told_apart(version, sft):
    stays, moves = sft("stays", "1", split="train"), sft("moves", "2", split="train")
    goes, comes = sft("goes", "3", split="train"), sft("comes", "4", split="train")
    old, new = sft("same question", "wrong"), sft("Same  question", "right")
    before, after = version(stays, moves, goes, old), version(stays, replace(moves, split="test"), comes, new)
    found = diff(before, after)
    assert (found.before, found.after) == (before.id, after.id)
    assert (found.added, found.removed, found.moved) == ((comes.id,), (goes.id,), (moves.id,))
    assert found.changed == ((old.id, new.id),)
    assert found.num_unchanged == 1


def test_the_same_version_has_no_difference(version, sft):
    one = version(sft("a", "b"))
    found = diff(one, one)
    assert (found.added, found.removed, found.moved, found.changed, found.num_unchanged) == ((), (), (), (), 1)


def test_a_second_answer_to_a_prompt_is_added_not_changed(version, sft):
    first, second = sft("a", "1"), sft("a", "2")
    assert diff(version(first), version(first, second)).added == (second.id,)


def test_other_provenance_is_no_change(version, sft):
    record = sft("a", "b")
    assert diff(version(record), version(replace(record, licence="MIT"))).num_unchanged == 1


def test_an_sft_record_does_not_become_a_preference(version, sft, preference):
    found = diff(version(sft("a", "b")), version(preference("a", "b", "c")))
    assert found.changed == ()
    assert (len(found.added), len(found.removed)) == (1, 1)


def labelled(version):
    """The version as a recipe with a label field would have made it."""
    made_of = composition(read_version_records(Path(version.folder)), ["intent"])
    return replace(version, manifest=replace(version.manifest, made_of=made_of))


def with_label(record, label):
    return replace(record, metadata={"intent": label})


def test_a_label_in_the_metadata_flips_with_and_without_another_answer(version, sft):
    same, told = sft("where is it", "look", split="train"), sft("refund", '{"intent": "a"}', split="train")
    answered = sft("Refund", '{"intent": "b"}', split="train")
    before = labelled(version(with_label(same, "x"), with_label(told, "a")))
    after = labelled(version(with_label(same, "y"), with_label(answered, "b")))
    found = diff(before, after)
    assert {(flip.before_id, flip.after_id, flip.field, flip.before, flip.after) for flip in found.flips} == {
        (same.id, same.id, "metadata.intent", "x", "y"),
        (told.id, answered.id, "metadata.intent", "a", "b"),
    }
    assert found.num_flips == 2
    assert found.changed == ((told.id, answered.id),)
    assert found.provenance == {"metadata": 1}


def test_a_preference_turned_round_is_a_flip_not_another_answer(version, preference):
    before, after = preference("p", "good", "bad"), preference("p", "bad", "good")
    found = diff(version(before), version(after))
    assert [(flip.field, flip.before, flip.after) for flip in found.flips] == [("chosen", "good", "bad")]
    assert (found.num_changed, found.num_added, found.num_removed) == (0, 0, 0)


def test_provenance_is_counted_by_field(version, sft):
    one, two = sft("a", "b"), sft("c", "d")
    found = diff(
        version(one, two), version(replace(one, licence="MIT", annotators=("ada",)), replace(two, licence="MIT"))
    )
    assert found.provenance == {"annotators": 1, "licence": 2}
    assert found.provenance_ids == tuple(sorted((one.id, two.id)))
    assert found.num_unchanged == 2


def test_differences_in_the_test_split_are_counted_once_each(version, sft):
    moves, goes, comes = sft("moves", "1"), sft("goes", "2", split="test"), sft("comes", "3", split="test")
    old, new = sft("q", "wrong", split="test"), sft("q", "right", split="test")
    before = version(replace(moves, split="train"), goes, old, sft("train", "x", split="train"))
    after = version(replace(moves, split="test"), comes, new, sft("other train", "y", split="train"))
    assert diff(before, after).num_in_test == 4


def test_kinds_columns_and_label_values_that_changed_break(version, sft, preference):
    record = sft("a", "b", metadata={"intent": "x"})
    before = labelled(version(record, preference("p", "c", "r")))
    after = labelled(version(replace(record, metadata={"intent": "y"})))
    assert diff(before, after).breaking == (
        "the kind 'preference' is gone",
        "the labels of metadata.intent are others: without 'x', with 'y'",
    )


def test_withdrawn_records_and_other_parts_of_the_manifest_are_named(version, sft):
    stays, goes = sft("a", "b"), sft("c", "d")
    before, after = version(stays, goes), version(stays)
    said = replace(after.manifest, withdrawn=(goes.id, "record_never_here"), notes=DatasetNotes(title="new"))
    found = diff(before, replace(after, manifest=said))
    assert found.withdrawn == (goes.id,)
    assert found.parts == ("notes",)


def test_the_spread_over_values_and_lengths_is_compared(version, sft):
    before = version(*(sft(f"q{n}", "a" * 10, language="en") for n in range(20)))
    after = version(*(sft(f"q{n}", "a" * 900, language="en" if n < 10 else "es") for n in range(20)))
    shifts = {shift.field: shift for shift in diff(before, after).shifts}
    assert shifts["length"].divergence == 1.0
    assert shifts["language"].shares[0].difference in {-0.5, 0.5}
    assert shifts["licence"].divergence == 0.0


def test_rows_are_read_in_parts_and_differences_found_in_each(version, sft, monkeypatch):
    monkeypatch.setattr(diff_index, "ROWS_AT_ONCE", 4)
    many = [sft(f"q{n}", "a", licence="MIT") for n in range(30)]
    relicensed = [replace(record, licence="CC0-1.0") for record in many[1:]]
    found = diff(version(*many), version(*relicensed, sft("new", "x")))
    assert (found.removed, found.num_unchanged, found.num_added) == ((many[0].id,), 29, 1)
    assert found.provenance == {"licence": 29}
