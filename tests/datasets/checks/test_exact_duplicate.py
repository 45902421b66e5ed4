"""Copies are found by their key, and the one that is kept is chosen as asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.batch import make_batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.checks.exact_duplicate import ExactDuplicate
from preceptor.datasets.exact_keys import exact_keys
from preceptor.datasets.record import make_record
from preceptor.datasets.run_checks import find_in
from preceptor.models.types import Message


def record(text, **provenance):
    return replace(make_record("sft", (Message(role="assistant", content=text),)), **provenance)


def removed(records, **settings):
    return {
        found.index: found.evidence["kept_index"]
        for found in find_in(ExactDuplicate(**settings), records, CheckContext())
    }


def test_the_first_is_kept_or_the_one_that_states_more():
    records = [record("Hi you"), record("hi  YOU", licence="MIT", source="a"), record("ﬀ"), record("FF", licence="MIT")]
    assert removed(records) == {1: 0, 3: 2}
    assert removed(records, keep="best") == {0: 1, 2: 3}


def test_equally_good_copies_leave_the_first():
    assert removed([record("a", licence="MIT"), record("A", licence="MIT")], keep="best") == {1: 0}


def test_a_key_follows_from_the_record_alone():
    records = [record(text) for text in ("one", "two", "three")]
    together = exact_keys(make_batch(records, [0, 1, 2]))
    assert together[1].tolist() == exact_keys(make_batch(records[1:2], [9]))[0].tolist()
    assert len({tuple(key) for key in together.tolist()}) == 3


def test_another_choice_is_refused():
    with pytest.raises(InputError, match="first or best"):
        ExactDuplicate(keep="last")
