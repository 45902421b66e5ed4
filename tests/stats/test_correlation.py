"""Spearman's correlation matches hand-worked figures, and its interval covers."""

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.correlation import rank_correlation


def test_without_ties_it_is_the_textbook_formula():
    """By hand: 1 - 6 x 4 / (5 x 24) = .8."""
    found = rank_correlation([10, 20, 30, 40, 50], [2, 1, 4, 3, 5])
    assert found.value == pytest.approx(0.8)
    assert found.interval is None
    assert "5 pairs" in found.reason


def test_ties_share_their_mean_rank():
    """By hand: ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5 / 4, spreads sqrt(4.5 / 4) and sqrt(5 / 4)."""
    assert rank_correlation([1, 5, 5, 9], [1, 2, 3, 4]).value == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


def test_only_the_order_counts():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=40), rng.normal(size=40)
    assert rank_correlation(np.exp(first), second) == rank_correlation(first, second)


def test_what_says_nothing_is_none():
    assert rank_correlation([1, 1, 1], [1, 2, 3]).value is None
    assert rank_correlation([], []).value is None
    same = rank_correlation(range(20), range(20))
    assert (same.value, same.interval) == (pytest.approx(1.0), None)


def test_unequal_lengths_are_refused():
    with pytest.raises(InputError, match="pairs"):
        rank_correlation([1, 2], [1])


@pytest.mark.parametrize("pearson", [0.0, 0.6, 0.9])
def test_the_interval_covers(pearson):
    """Simulated, 1,500 normal samples of 60; Spearman's rho of a normal pair is 6 / pi x asin(r / 2)."""
    rng = np.random.default_rng(3)
    truth = 6 / np.pi * np.arcsin(pearson / 2)
    covered = 0
    for _ in range(1500):
        first, noise = rng.normal(size=(2, 60))
        second = pearson * first + (1 - pearson**2) ** 0.5 * noise
        low, high = rank_correlation(first, second).interval
        covered += low <= truth <= high
    assert abs(covered / 1500 - 0.95) <= 0.015 + 3 * (0.95 * 0.05 / 1500) ** 0.5
