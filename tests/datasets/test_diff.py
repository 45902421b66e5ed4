"""A diff says what was added, removed, moved and changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.datasets.commit import commit
from preceptor.datasets.diff import diff
from preceptor.datasets.types import DatasetDraft


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
