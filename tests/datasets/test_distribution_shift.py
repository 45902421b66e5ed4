"""Shifts of a distribution: the divergence, the test and the intervals are those of the sources cited."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.datasets.distribution_shift import jensen_shannon, shift, shifts
from preceptor.datasets.types import Composition


def test_the_divergence_of_a_half_and_a_whole():
    """By hand: middle (3/4, 1/4); half of log2(4/3) for the one, half of (½ log2(2/3) + ½ log2 2) for the other."""
    expected = 0.5 * np.log2(4 / 3) + 0.5 * (0.5 * np.log2(2 / 3) + 0.5 * np.log2(2))
    assert jensen_shannon({"a": 7}, {"a": 5, "b": 5}) == pytest.approx(expected)


def test_the_divergence_does_not_depend_on_which_comes_first():
    one, other = {"a": 3, "b": 1}, {"b": 2, "c": 9}
    assert jensen_shannon(one, other) == pytest.approx(jensen_shannon(other, one))


def test_pearsons_test_of_a_worked_table():
    """By hand: expected 15 and 15, 15 and 15; the statistic is 4 * 25 / 15 = 6.667 on 1 degree: p = .0098."""
    assert shift("x", {"a": 20, "b": 10}, {"a": 10, "b": 20}).p_value == pytest.approx(0.00982, abs=1e-5)


def test_values_too_rare_to_test_are_pooled():
    """Twenty values that stand once each are expected less than five times; together they are one class."""
    rare = {f"r{n}": 1 for n in range(20)}
    told = shift("x", {"a": 80, **rare}, {"a": 80, **rare})
    assert told.p_value == pytest.approx(1.0)
    assert shift("x", {"a": 3, "b": 2}, {"a": 2, "b": 3}).p_value is None


def test_the_test_keeps_its_level():
    """Two samples of one distribution are told apart in about 5 of 100 cases; 2,000 draws, seed 7."""
    rng = np.random.default_rng(7)
    shares = [0.5, 0.3, 0.15, 0.05]
    rejected = 0
    for _ in range(2_000):
        one, other = rng.multinomial(200, shares), rng.multinomial(300, shares)
        told = shift(
            "x", dict(zip("abcd", map(int, one), strict=True)), dict(zip("abcd", map(int, other), strict=True))
        )
        rejected += told.p_value < 0.05
    assert 0.04 < rejected / 2_000 < 0.06


def test_the_shares_that_moved_most_stand_first_with_their_interval():
    told = shift("x", {"a": 50, "b": 50}, {"a": 40, "b": 40, "c": 20})
    first = told.shares[0]
    assert (first.value, first.num_before, first.num_after) == ("c", 0, 20)
    assert first.interval.low < 0.2 < first.interval.high
    assert first.interval.low > 0


def test_a_field_that_no_record_has_says_so():
    told = shift("x", {}, {"a": 1})
    assert (told.divergence, told.p_value, told.reason) == (None, None, "no record before has it")


def test_fields_are_compared_in_order_of_how_much_they_shifted():
    before = Composition(splits={"sft": {"train": 9}}, counts={"language": {"en": 9}, "source": {"a": 9}})
    after = Composition(
        splits={"sft": {"train": 9}}, counts={"language": {"es": 9}, "source": {}}, too_many=("source",)
    )
    told = shifts(before, after)
    assert [one.field for one in told] == ["language", "kind", "source", "split"]
    assert told[2].reason == "too many values to compare"
