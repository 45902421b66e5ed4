import numpy as np
import pytest
from scipy import stats

from preceptor.core.errors import InputError
from preceptor.stats.bootstrap import bca_mean


@pytest.mark.parametrize("n", [60, 900])
def test_it_agrees_with_a_second_implementation(n):
    """Scipy's BCa on the same skewed values; 900 different values go through the grouped path."""
    values = np.random.default_rng(1).exponential(size=n)
    found = bca_mean(values, np.random.default_rng(2)).interval
    other = stats.bootstrap((values,), np.mean, method="BCa", rng=3).confidence_interval
    width = other.high - other.low
    assert found == pytest.approx((other.low, other.high), abs=0.05 * width)


def test_it_follows_the_skew():
    """The long tail lies above: the upper end is further from the mean than the lower."""
    values = np.random.default_rng(4).exponential(size=80)
    low, high = bca_mean(values, np.random.default_rng(0)).interval
    assert high - values.mean() > 1.1 * (values.mean() - low)


def test_the_p_value_is_the_level_at_which_the_interval_ends_at_zero():
    values = np.random.default_rng(8).exponential(size=70)
    values = values - values.mean() + 0.15
    found = bca_mean(values, np.random.default_rng(0))
    assert 0.01 < found.p_value < 0.4
    at_zero = bca_mean(values, np.random.default_rng(0), confidence=1 - found.p_value).interval
    assert at_zero.low == pytest.approx(0, abs=0.005)


def test_the_same_seed_gives_the_same_interval():
    values = [0.1, 0.4, -0.3, 0.9, 0.0]
    assert bca_mean(values, np.random.default_rng(7)) == bca_mean(values, np.random.default_rng(7))


def test_skewed_means_are_covered():
    """Simulated: 60 exponential values; 95 % nominal, BCa covers 93 % or more where the plain percentile has less."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(300):
        low, high = bca_mean(rng.exponential(size=60), rng, num_replicates=1000).interval
        held += low <= 1 <= high
    assert held / 300 > 0.91


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 0.5, 0.5]])
def test_equal_values_are_an_error(values):
    with pytest.raises(InputError, match="equal"):
        bca_mean(values, np.random.default_rng(0))
