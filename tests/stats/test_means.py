import numpy as np
import pytest
from scipy import stats

from preceptor.core.errors import InputError
from preceptor.stats.means import mean_interval, mean_sample, p_value_of_zero, why_no_interval
from preceptor.stats.types import Interval

CHANGE = Interval(-1.0, 1.0)


def test_values_that_differ_have_students_interval():
    """By hand: mean .3, sd .158114, n 5, t(.975, 4) = 2.776445."""
    low, high = mean_interval(mean_sample([0.1, 0.2, 0.3, 0.4, 0.5]))
    reach = 2.776445 * 0.158114 / 5**0.5
    assert (low, high) == pytest.approx((0.3 - reach, 0.3 + reach), abs=1e-6)


def test_students_p_value():
    """Scipy's paired test as a second implementation."""
    values = [0.1, -0.2, 0.3, 0.25, 0.05, -0.07]
    assert p_value_of_zero(mean_sample(values)) == pytest.approx(stats.ttest_1samp(values, 0).pvalue)


def test_equal_changes_are_not_an_interval_of_width_zero():
    """No change in 183 cases: a share of up to 1 - .025^(1/183) may change by the whole scale."""
    share = 1 - 0.025 ** (1 / 183)
    assert mean_interval(mean_sample([0.0] * 183), bounds=CHANGE) == pytest.approx((-share, share))


def test_equal_changes_that_are_not_zero_can_still_be_lost():
    """Each +.1 seen 50 times: the unseen share falls from +.1 to -1."""
    share = 1 - 0.025 ** (1 / 50)
    low, high = mean_interval(mean_sample([0.1] * 50), bounds=CHANGE)
    assert (low, high) == pytest.approx((0.1 - 1.1 * share, 0.1 + 0.9 * share))


def test_a_single_small_change_does_not_hide_rare_large_ones():
    """Student's interval of 49 zeros and one .01 is narrower than .001: the guard widens it."""
    low, high = mean_interval(mean_sample([0.0] * 49 + [0.01]), bounds=CHANGE)
    assert low < -0.07
    assert high > 0.07


def test_equal_values_on_an_unknown_scale_have_no_interval():
    sample = mean_sample([3.0] * 40)
    assert mean_interval(sample) is None
    assert "name the scale" in why_no_interval(sample, None)


def test_one_value_leaves_nearly_everything_open():
    """1 - .025^(1/1) = .975 of the scale."""
    assert mean_interval(mean_sample([0.0]), bounds=CHANGE) == pytest.approx((-0.975, 0.975))


def test_few_clusters_have_no_interval():
    values = [0.1, 0.4, 0.2, 0.9, 0.5, 0.3]
    sample = mean_sample(values, ["a", "a", "b", "b", "c", "c"])
    assert mean_interval(sample, bounds=CHANGE) is None
    assert why_no_interval(sample, CHANGE) == "3 clusters; a cluster-robust interval needs 10"
    assert p_value_of_zero(sample) is None


def test_clusters_count_not_cases():
    """Twelve clusters with ten copies each say what twelve cases say."""
    values = [0.05 * number for number in range(12)]
    copied = mean_sample([value for value in values for _ in range(10)], [str(n) for n in range(12) for _ in range(10)])
    assert mean_interval(copied) == pytest.approx(mean_interval(mean_sample(values)))


def test_unchanged_clusters_count_as_units():
    """No change in 20 clusters of 10: the bound is that of 20, not of 200."""
    sample = mean_sample([0.0] * 200, [str(n // 10) for n in range(200)])
    assert mean_interval(sample, bounds=CHANGE).high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_one_large_cluster_stretches_the_bound():
    """19 single cases and a cluster of 21: the largest is 10.5 times the mean size of 2."""
    sample = mean_sample([0.0] * 40, [None] * 19 + ["big"] * 21)
    assert sample.stretch == pytest.approx(10.5)
    assert mean_interval(sample, bounds=CHANGE).high == 1


def test_equal_changes_test_nothing():
    assert p_value_of_zero(mean_sample([0.0] * 9)) == 1
    assert p_value_of_zero(mean_sample([0.2] * 9)) is None


def test_no_values_are_an_error():
    with pytest.raises(InputError, match="at least one"):
        mean_sample([])


def test_a_sample_scaled_to_its_own_size_is_itself():
    sample = mean_sample([0.0] * 30 + [0.5, -0.5, 1.0])
    assert sample.scaled(sample.n) == sample


@pytest.mark.parametrize("share_of_losses", [0.02, 0.05])
def test_rare_large_losses_are_covered(share_of_losses):
    """Simulated: 100 graded changes, a rare loss of the whole scale; at most 2.5 % of lower ends above the truth."""
    rng = np.random.default_rng(11)
    misses = 0
    for _ in range(2000):
        values = np.where(rng.random(100) < share_of_losses, -1.0, 0.0)
        misses += mean_interval(mean_sample(values.tolist()), bounds=CHANGE).low > -share_of_losses
    assert misses / 2000 <= 0.025 + 3 * (0.025 * 0.975 / 2000) ** 0.5


def test_graded_changes_are_covered():
    """Simulated: 40 changes with mean -.05; 95 % of intervals hold it."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(2000):
        low, high = mean_interval(mean_sample(rng.normal(-0.05, 0.2, 40).tolist()), bounds=CHANGE)
        held += low <= -0.05 <= high
    assert held / 2000 == pytest.approx(0.95, abs=0.015)


def test_clustered_changes_are_covered():
    """Simulated: 30 clusters of 5 with a shared part; the plain interval would hold the mean in about 75 %."""
    rng = np.random.default_rng(6)
    clusters = [str(n) for n in range(30) for _ in range(5)]
    held = naive = 0
    for _ in range(1500):
        values = np.repeat(rng.normal(0, 0.2, 30), 5) + rng.normal(0, 0.1, 150)
        low, high = mean_interval(mean_sample(values.tolist(), clusters))
        held += low <= 0 <= high
        low, high = mean_interval(mean_sample(values.tolist()))
        naive += low <= 0 <= high
    assert held / 1500 == pytest.approx(0.95, abs=0.02)
    assert naive / 1500 < 0.8
