import numpy as np
import pytest
from scipy import optimize, stats

from preceptor.core.errors import InputError
from preceptor.stats.fieller import ratio_interval


def test_its_ends_are_the_ratios_at_which_students_test_turns():
    """Found by scipy's own t-test and root finder."""
    rng = np.random.default_rng(1)
    below = rng.gamma(4, 1, 40)
    above = 1.3 * below + rng.normal(0, 1, 40)

    def turns(ratio):
        return stats.ttest_1samp(above - ratio * below, 0).pvalue - 0.05

    centre = above.mean() / below.mean()
    expected = optimize.brentq(turns, centre - 1, centre - 1e-6), optimize.brentq(turns, centre + 1e-6, centre + 1)
    assert ratio_interval(above, below) == pytest.approx(expected, abs=1e-9)


def test_a_denominator_that_could_be_zero_bounds_no_ratio():
    assert ratio_interval([1.0, 1.0, 1.0], [1.0, -1.0, 0.5]) is None


def test_one_case_or_one_cluster_has_no_interval():
    assert ratio_interval([1.0], [2.0]) is None
    assert ratio_interval([1.0, 2.0], [2.0, 3.0], clusters=["a", "a"]) is None


def test_the_same_case_many_times_in_a_cluster_counts_once():
    above, below = [1.1, 2.3, 3.1, 4.5], [1.0, 2.0, 3.0, 4.0]
    repeated = ratio_interval(above * 5, below * 5, clusters=["a", "b", "c", "d"] * 5)
    assert repeated == pytest.approx(ratio_interval(above, below))


def test_sides_of_different_length_are_refused():
    with pytest.raises(InputError, match="2 numerators and 1 denominators"):
        ratio_interval([1.0, 2.0], [1.0])


def test_it_covers_the_true_ratio_as_often_as_it_says():
    """2,000 samples of 60 pairs with a true ratio of 1.2; the Monte-Carlo error of .95 is .005."""
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(2000):
        below = rng.gamma(3, 1, 60)
        low, high = ratio_interval(1.2 * below + rng.normal(0, 1, 60), below)
        covered += low <= 1.2 <= high
    assert covered / 2000 == pytest.approx(0.95, abs=0.015)
