import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.intervals import normal_quantile
from preceptor.stats.sequential import ConfidenceSequence, paired_sequence
from preceptor.stats.types import Interval

UNIT = Interval(0.0, 1.0)
LOOKS = [20, 40, 60, 80, 100, 120, 140, 160, 180, 200]


def test_looking_again_and_again_misses_seldom_where_the_usual_interval_misses_often():
    """Simulated: 2,000 runs of 200 flips of a fair coin, ten looks; the promise is at most 5 %."""
    rng = np.random.default_rng(7)
    values = rng.integers(0, 2, (2000, LOOKS[-1])).astype(float)
    means = np.cumsum(values, axis=1)[:, np.array(LOOKS) - 1] / LOOKS
    reach = normal_quantile(0.95) * np.sqrt(means * (1 - means) / LOOKS)
    naive_misses = np.mean((np.abs(means - 0.5) > reach).any(axis=1))
    # The interval only shrinks, so its last state says whether any look missed.
    ends = [ConfidenceSequence(bounds=UNIT).updated_by(row).interval for row in values.tolist()]
    assert naive_misses > 0.2
    assert np.mean([not low <= 0.5 <= high for low, high in ends]) <= 0.05


@pytest.mark.parametrize("loss", [0.02, 0.2])
def test_changes_of_paired_cases_are_covered_at_every_look(loss):
    """Simulated: rare losses and gains; at most 5 % of 500 runs ever miss the true difference."""
    rng = np.random.default_rng(8)
    changes = rng.choice([-1.0, 0.0, 1.0], (500, 300), p=[loss, 1 - loss - 0.01, 0.01])
    ends = [paired_sequence().updated_by(row).interval for row in changes.tolist()]
    assert np.mean([not low <= 0.01 - loss <= high for low, high in ends]) <= 0.05


def test_two_steps_by_hand():
    """Theorem 2 of the paper: log 40 = 3.6889; both stakes reach the largest, .5, whose price is .1931 a square."""
    low, high = ConfidenceSequence(bounds=UNIT, low=-9.0, high=9.0).updated_by([1.0, 0.0]).interval
    assert high == pytest.approx((0.5 + 3.68888 + (0.25 + 0.75**2) * 0.193147) / 1.0, abs=1e-4)
    assert low == pytest.approx((0.5 - 3.68888 - (0.25 + 0.75**2) * 0.193147) / 1.0, abs=1e-4)


def test_it_narrows_towards_the_truth():
    rng = np.random.default_rng(9)
    sequence = ConfidenceSequence(bounds=UNIT).updated_by((rng.random(10_000) < 0.1).astype(float).tolist())
    assert sequence.interval.low < 0.1 < sequence.interval.high
    assert sequence.interval.high - sequence.interval.low < 0.03


def test_nothing_seen_is_everything_possible():
    assert paired_sequence(scale=Interval(1.0, 5.0)).interval == (-4.0, 4.0)


def test_equal_values_are_not_certainty():
    low, high = ConfidenceSequence(bounds=UNIT).updated_by([0.0] * 512).interval
    assert low == 0
    assert 0.0072 < high < 0.05


def test_the_scale_changes_nothing_but_the_scale():
    values = [0.2, 0.9, 0.4, 0.4, 1.0] * 30
    unit = ConfidenceSequence(bounds=UNIT).updated_by(values).interval
    rated = ConfidenceSequence(bounds=Interval(1.0, 5.0)).updated_by([1 + 4 * value for value in values]).interval
    assert rated == pytest.approx([1 + 4 * end for end in unit])


def test_a_mean_that_changed_contradicts_itself():
    sequence = ConfidenceSequence(bounds=UNIT).updated_by([0.0] * 3000 + [1.0] * 3000)
    assert sequence.is_contradicted


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_value_outside_the_bounds_is_an_error(value):
    with pytest.raises(InputError, match="name the scale"):
        ConfidenceSequence(bounds=UNIT).updated(value)


def test_bounds_in_the_wrong_order_are_an_error():
    with pytest.raises(InputError, match="bounds"):
        ConfidenceSequence(bounds=Interval(1.0, 0.0))
