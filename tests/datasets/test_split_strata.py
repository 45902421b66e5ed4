"""Shares hold within each stratum, and what was placed once stays."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.datasets.split import SplitPlan
from preceptor.datasets.split_strata import StratumKey, stratified_splits

SIZES = st.dictionaries(st.sampled_from("abc"), st.integers(1, 40), min_size=1)


def groups_of(sizes, start=0):
    return [
        StratumKey(("group", f"{name}{number}"), name)
        for name, size in sizes.items()
        for number in range(start, start + size)
    ]


@given(sizes=SIZES, train=st.integers(0, 10), seed=st.integers(0, 5))
@settings(deadline=None)
def test_every_split_is_within_one_group_of_its_share(sizes, train, seed):
    plan = SplitPlan(train=train / 10, validation=(10 - train) / 20, test=(10 - train) / 20, seed=seed)
    found = stratified_splits(groups_of(sizes), plan)
    for name, size in sizes.items():
        counts = Counter(split for (_, group), split in found.items() if group.startswith(name))
        for split, share in plan.shares():
            assert abs(counts[split] - share * size) < 1


@given(sizes=SIZES, more=SIZES)
@settings(deadline=None)
def test_groups_of_the_version_before_never_move(sizes, more):
    before = stratified_splits(groups_of(sizes), SplitPlan())
    after = stratified_splits([*groups_of(more, start=100), *groups_of(sizes)], SplitPlan(), earlier=before)
    assert {key: after[key] for key in before} == before


@given(sizes=SIZES, order=st.randoms())
@settings(deadline=None)
def test_the_order_of_the_groups_does_not_matter(sizes, order):
    groups = groups_of(sizes)
    expected = stratified_splits(groups, SplitPlan())
    order.shuffle(groups)
    assert stratified_splits(groups, SplitPlan()) == expected


def test_ten_groups_are_divided_eight_one_one():
    found = stratified_splits(groups_of({"a": 10}), SplitPlan())
    assert Counter(found.values()) == {"train": 8, "validation": 1, "test": 1}


def test_a_group_in_two_strata_is_refused():
    with pytest.raises(InputError, match=r"stands in the strata \['a', 'b'\]"):
        stratified_splits([StratumKey(("group", "g"), "a"), StratumKey(("group", "g"), "b")], SplitPlan())
