"""Selections are fair, repeatable, and know the chance that each trace had."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.triage.select import select_random, select_stratified

TRACES = [f"trace_{number}" for number in range(20)]


def test_same_seed_gives_the_same_selection_whatever_the_order():
    assert select_random(TRACES, 5, np.random.default_rng(7)) == select_random(
        [*reversed(TRACES), "trace_3"], 5, np.random.default_rng(7)
    )


def test_every_trace_is_chosen_as_often_as_its_probability_says():
    """4,000 draws of 5 of 20: each trace 1,000 times, standard deviation 27."""
    rng = np.random.default_rng(11)
    counts = Counter(trace_id for _ in range(4000) for trace_id in select_random(TRACES, 5, rng).trace_ids)
    assert len(counts) == 20
    assert all(abs(count - 1000) < 5 * 27.4 for count in counts.values())


@pytest.mark.parametrize(("budget", "num", "probability"), [(0, 0, 0.0), (5, 5, 0.25), (20, 20, 1.0), (99, 20, 1.0)])
def test_probability_is_the_share_that_is_chosen(budget, num, probability):
    selection = select_random(TRACES, budget, np.random.default_rng(1))
    assert (len(selection.trace_ids), selection.inclusion_probability) == (num, probability)


def test_nothing_to_choose_from_has_no_probability():
    assert select_random([], 5, np.random.default_rng(1)).inclusion_probability is None


def test_budget_is_shared_evenly_and_left_overs_go_on():
    """7 places over 1, 10 and 2 candidates: 1 + 4 + 2."""
    chosen = select_stratified({"a": ["x"], "b": TRACES[:10], "c": TRACES[10:12]}, 7, np.random.default_rng(1))
    assert [(one.strategy, len(one.trace_ids), one.inclusion_probability) for one in chosen] == [
        ("stratified:a", 1, 1.0), ("stratified:b", 4, 0.4), ("stratified:c", 2, 1.0),
    ]  # fmt: skip


def test_trace_in_two_categories_is_chosen_once():
    chosen = select_stratified({"a": TRACES[:4], "b": TRACES}, 99, np.random.default_rng(1))
    assert [one.num_candidates for one in chosen] == [4, 16]
    assert sorted(trace_id for one in chosen for trace_id in one.trace_ids) == sorted(TRACES)


def test_no_categories_make_no_selections():
    assert select_stratified({}, 5, np.random.default_rng(1)) == ()


def test_negative_budget_is_refused():
    with pytest.raises(InputError, match="budget is -1"):
        select_random(TRACES, -1, np.random.default_rng(1))
    with pytest.raises(InputError, match="budget is -1"):
        select_stratified({"a": TRACES}, -1, np.random.default_rng(1))
