"""The bound from below holds as often as it says."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt

import numpy as np
import pytest

from preceptor.datasets.total_variation import total_variation, total_variation_floor


def test_total_variation_is_the_share_that_must_move():
    assert total_variation({"a": 50, "b": 50}, {"a": 2, "c": 2}) == pytest.approx(0.5)
    assert total_variation({"a": 1}, {"b": 1}) == 1.0


def test_the_floor_is_weissmans_bound_for_two_classes():
    """.9 less sqrt(ln(2 / .025) / 200) and sqrt(ln(2 / .025) / 2000), by hand."""
    expected = 0.9 - sqrt(log(80) / 200) - sqrt(log(80) / 2000)
    assert total_variation_floor({"a": 100}, {"a": 100, "b": 900}) == pytest.approx(expected)


def test_many_classes_do_not_overflow():
    """5,000 classes need many cases: of one each nothing is certain, of a hundred each most is."""
    assert total_variation_floor({str(number): 1 for number in range(5_000)}, {"x": 5_000}) == 0.0
    assert total_variation_floor({str(number): 100 for number in range(5_000)}, {"x": 500_000}) > 0.8


@pytest.mark.parametrize("num_classes", [2, 5, 30])
def test_the_floor_exceeds_the_truth_in_at_most_a_twentieth(num_classes):
    """Simulated, seed 1: 400 pairs of samples of 300 and 500 whose true distance is .2."""
    rng = np.random.default_rng(1)
    first = np.full(num_classes, 1 / num_classes)
    second = first.copy()
    half = num_classes // 2
    second[:half] += 0.2 / half
    second[half : 2 * half] -= 0.2 / half
    true = abs(first - second).sum() / 2
    wrong = 0
    for _ in range(400):
        one, other = (
            Counter(rng.choice(num_classes, n, p=p / p.sum()).astype(str).tolist())
            for n, p in ((300, first), (500, second))
        )
        wrong += total_variation_floor(one, other) > true
    assert wrong <= 20
