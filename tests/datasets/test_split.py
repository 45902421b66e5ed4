"""Splits follow from groups alone."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.datasets.record import make_record
from preceptor.datasets.split import SplitPlan, key_of, place_of, split_of
from preceptor.models.types import Message


def make(prompt: str):
    return make_record("sft", (Message(role="user", content=prompt), Message(role="assistant", content="ok")))


@given(st.lists(st.text(min_size=1), max_size=20), st.lists(st.text(min_size=1), max_size=20))
def test_adding_records_moves_none(prompts, more):
    plan = SplitPlan()
    before = [split_of(make(prompt), plan) for prompt in prompts]
    after = [split_of(make(prompt), plan) for prompt in [*more, *prompts]]
    assert after[len(more) :] == before


def test_a_group_stays_together(sft):
    records = [sft(f"question {number}", "ok", group="user_1") for number in range(50)]
    assert len({split_of(record, SplitPlan()) for record in records}) == 1


def test_one_prompt_stays_together_whatever_its_answers(sft):
    records = [sft("Where is it?", f"answer {number}") for number in range(50)]
    assert len({split_of(record, SplitPlan()) for record in records}) == 1


def test_shares_hold_on_average():
    """4,000 prompts, shares .8/.1/.1: three standard errors are 76 (train) and 57 (the others)."""
    splits = Counter(split_of(make(f"question {number}"), SplitPlan()) for number in range(4_000))
    assert splits["train"] == pytest.approx(3_200, abs=76)
    assert splits["validation"] == pytest.approx(400, abs=57)
    assert splits["test"] == pytest.approx(400, abs=57)


def test_another_seed_is_another_division():
    records = [make(f"question {number}") for number in range(100)]
    first, second = ([split_of(record, SplitPlan(seed=seed)) for record in records] for seed in (1, 2))
    assert first != second


def test_a_split_without_a_share_stays_empty():
    plan = SplitPlan(train=0.9, validation=0.1, test=0)
    assert {split_of(make(f"question {number}"), plan) for number in range(300)} == {"train", "validation"}


@pytest.mark.parametrize(
    "shares", [{"train": 0.9}, {"train": 1.2, "validation": -0.2, "test": 0}, {"train": float("nan")}]
)
def test_shares_that_do_not_add_up_are_refused(shares):
    with pytest.raises(InputError, match="add up to 1"):
        SplitPlan(**shares)


def test_the_place_of_a_key_is_what_it_always_was():
    """Worked out apart from the product: the first 8 bytes of the SHA-256 of `[seed,"group","user_1"]`, over 2^64."""
    digest = hashlib.sha256(b'[0,"group","user_1"]').digest()
    assert place_of(("group", "user_1"), 0) == int.from_bytes(digest[:8], "big") / 2**64


LONG = "please tell me where the parcel for my last order with the number {} of {} is now"


@pytest.mark.parametrize(
    ("by", "one", "other"),
    [
        ("group", {"group": "g"}, {"group": "g"}),
        ("user", {"metadata": {"user": "ada"}}, {"metadata": {"user": "ada"}}),
        ("conversation", {"metadata": {"conversation": 7}}, {"metadata": {"conversation": 7}}),
        ("metadata.shop.name", {"metadata": {"shop": {"name": "x"}}}, {"metadata": {"shop": {"name": "x"}}}),
    ],
)
def test_records_with_the_same_value_have_one_key(sft, by, one, other):
    keys = {key_of(sft("first question", "a", **one), by), key_of(sft("second question", "b", **other), by)}
    assert len(keys) == 1


def test_prompts_of_one_template_have_one_key_and_short_ones_their_own(sft):
    keys = [key_of(sft(LONG.format(number, name), "a"), "template") for number, name in ((12, "Ada"), ("7b", "Bob"))]
    assert keys[0] == keys[1]
    assert key_of(sft("order 12", "a"), "template") != key_of(sft("order 13", "a"), "template")


def test_a_record_that_lacks_the_field_stays_with_its_prompt(sft):
    assert key_of(sft("Hi  there", "a"), "user") == key_of(sft("hi there", "b"), "prompt")


def test_a_cluster_goes_before_the_group(sft):
    assert key_of(sft("a", "b", group="g"), cluster="record_1") == ("cluster", "record_1")


def test_an_unknown_field_is_refused(sft):
    with pytest.raises(InputError, match="is no field"):
        key_of(sft("a", "b"), "colour")
