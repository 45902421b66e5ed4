"""Samples are shared out over strata as Cochran has it, drawn by lottery, and weighted for estimates."""

from __future__ import annotations

from itertools import product
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.datasets.batch import make_batch
from preceptor.datasets.sampling_plan import SamplingPlan, StratumRecord, allocate, draw_sample, iter_frame

BY = ("metadata.intent",)
SIZES = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 50), min_size=1)


def plan(budget, allocation="proportional", **settings):
    return SamplingPlan(by=BY, budget=budget, allocation=allocation, **settings)


def frame_of(sizes):
    return [StratumRecord(f"{name}{number}", name) for name, size in sizes.items() for number in range(size)]


def test_proportional_allocation():
    """n_h = n N_h / N: of 1,000 in strata of 500, 300 and 200, a sample of 100 takes 50, 30 and 20."""
    assert allocate({"a": 500, "b": 300, "c": 200}, plan(100)) == {"a": 50, "b": 30, "c": 20}


def test_equal_allocation_gives_what_a_small_stratum_lacks_to_the_others():
    """30 over three strata is 10 each; c has 4, so a and b share 26."""
    assert allocate({"a": 500, "b": 300, "c": 4}, plan(30, "equal")) == {"a": 13, "b": 13, "c": 4}


def test_neyman_allocation():
    """Cochran 5.5: n_h in proportion to N_h S_h. By hand: 400 × 4 = 1,600 and 600 × 1 = 600, so 110 are 80 and 30."""
    assert allocate({"a": 400, "b": 600}, plan(110, "neyman", deviations={"a": 4, "b": 1})) == {"a": 80, "b": 30}


def test_failure_rates_give_deviations():
    """√(p(1 - p)) is .5 for p = .5 and .3 for p = .1: 100 × .5 and 100 × .3 share 80 as 50 and 30."""
    assert allocate({"a": 100, "b": 100}, plan(80, "neyman", rates={"a": 0.5, "b": 0.1})) == {"a": 50, "b": 30}


def test_neyman_in_whole_numbers_is_the_best_of_all_allocations():
    """Wright (2012): the variance Σ N_h² S_h² / n_h is least; checked against every allocation of 12."""
    sizes, deviations = {"a": 31, "b": 17, "c": 9}, {"a": 1.0, "b": 2.5, "c": 3.1}

    def variance(counts):
        return sum((sizes[name] * deviations[name]) ** 2 / counts[name] for name in sizes)

    every = [dict(zip("abc", counts, strict=True)) for counts in product(range(1, 11), repeat=3) if sum(counts) == 12]
    found = allocate(sizes, plan(12, "neyman", deviations=deviations))
    assert variance(found) == pytest.approx(min(variance(counts) for counts in every if counts["c"] <= 9))


def test_each_stratum_gets_its_minimum_first():
    assert allocate({"a": 990, "b": 8, "c": 2}, plan(20, min_per_stratum=3)) == {"a": 15, "b": 3, "c": 2}


@given(sizes=SIZES, budget=st.integers(4, 60), more=st.integers(0, 30))
@settings(deadline=None)
def test_a_larger_budget_holds_the_smaller_sample(sizes, budget, more):
    small, large = (draw_sample(frame_of(sizes), plan(count)) for count in (budget, budget + more))
    assert {one.record_id for one in small.records} <= {one.record_id for one in large.records}
    assert len(small.records) == min(budget, sum(sizes.values()))


@given(sizes=SIZES, order=st.randoms())
@settings(deadline=None)
def test_the_order_of_the_records_does_not_matter(sizes, order):
    frame = frame_of(sizes)
    expected = draw_sample(frame, plan(10))
    order.shuffle(frame)
    assert draw_sample([*frame, frame[0]], plan(10)) == expected


def test_weights_add_up_to_the_records_of_each_stratum():
    sample = draw_sample(frame_of({"a": 90, "b": 10}), plan(20, "equal"))
    assert {one.stratum: one.probability for one in sample.records} == {"a": pytest.approx(1 / 9), "b": 1.0}
    assert sum(one.weight for one in sample.records) == pytest.approx(100)


def test_the_weighted_mean_is_right_on_average():
    """Values are 1 in b (10 of 100) and 0 in a, so the mean is .1; over 400 seeds, however unequal the sample is.

    Within a stratum all are equal, so each sample hits it exactly; a mean over whole ids tests the lottery: the id's
    parity, .5 on average, with a standard error of √(.25 / 10 / 400) = .008.
    """
    frame = [StratumRecord(f"r{number}", "all") for number in range(1_000)]
    means = [
        sum(one.weight * (int(one.record_id[1:]) % 2) for one in draw_sample(frame, plan(10, seed=seed)).records)
        / 1_000
        for seed in range(400)
    ]
    assert sum(means) / 400 == pytest.approx(0.5, abs=4 * sqrt(0.25 / 10 / 400))
    sample = draw_sample(frame_of({"a": 90, "b": 10}), plan(20, "equal"))
    assert sum(one.weight * (one.stratum == "b") for one in sample.records) / 100 == pytest.approx(0.1)


def test_strata_are_the_values_of_the_fields(sft):
    records = [
        sft("a", "b", language="en", metadata={"intent": "refund"}),
        sft("c", "d", metadata={"intent": "refund"}),
    ]
    found = list(iter_frame([make_batch(records, [0, 1])], SamplingPlan(by=("metadata.intent", "language"), budget=1)))
    assert [one.stratum for one in found] == ["refund | en", "refund | (not stated)"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: plan(0), "budget is 0"),
        (lambda: plan(5, "neyman"), "belong to 'neyman'"),
        (lambda: plan(5, rates={"a": 0.1}), "belong to 'neyman'"),
        (lambda: plan(5, "neyman", rates={"a": 1.5}), "numbers from 0 to 1"),
        (lambda: SamplingPlan(by=("colour",), budget=5), "is no field"),
        (lambda: allocate({}, plan(5)), "no records"),
        (lambda: allocate({"a": 5, "b": 5}, plan(5, min_per_stratum=3)), "need 6, the budget is 5"),
        (lambda: allocate({"a": 5, "b": 5}, plan(5, "neyman", rates={"a": 0.5})), r"strata \['b'\]"),
        (lambda: allocate({"a": 5}, plan(5, "neyman", rates={"a": 0.0})), "use 'proportional'"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
