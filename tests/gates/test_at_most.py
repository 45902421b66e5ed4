import numpy as np
import pytest

from preceptor.gates.at_most import Ceiling, mean_at_most
from preceptor.stats.types import Interval


def ceiling(most):
    return Ceiling(most=most, confidence=0.95, bounds=Interval(0.0, 1.0))


def test_equal_figures_leave_rare_high_ones_open():
    """None of 100: a share of 1 - .025^(1/100) = .0362 may lie at the bound."""
    found = mean_at_most([0.0] * 100, [None] * 100, ceiling(0.0363))
    assert (found.verdict, found.value) == ("pass", 0.0)
    assert found.interval.high == pytest.approx(0.0362, abs=1e-4)
    assert mean_at_most([0.0] * 100, [None] * 100, ceiling(0.0361)).verdict == "inconclusive"


def test_the_required_n_is_where_it_would_pass():
    needed = mean_at_most([0.0] * 10, [None] * 10, ceiling(0.01)).required_n
    assert needed == 368
    assert mean_at_most([0.0] * needed, [None] * needed, ceiling(0.01)).verdict == "pass"
    assert mean_at_most([1.0] * 10, [None] * 10, ceiling(0.01)).required_n is None


def test_figures_above_the_ceiling_fail():
    assert mean_at_most([0.9] * 100, [None] * 100, ceiling(0.5)).verdict == "fail"


def test_a_figure_outside_of_what_is_possible_is_said():
    found = mean_at_most([0.5, 2.0], [None, None], ceiling(1.0))
    assert (found.verdict, found.interval) == ("inconclusive", None)
    assert "a case has 2, outside" in found.reason


def test_a_mean_at_just_above_the_ceiling_passes_in_at_most_one_of_forty():
    """400 samples of 30 skewed figures (beta .3, 2.7; mean .1), ceiling .1; the Monte-Carlo error is .008."""
    rng = np.random.default_rng(5)
    passed = [
        mean_at_most(list(rng.beta(0.3, 2.7, 30)), [None] * 30, ceiling(0.1)).verdict == "pass" for _ in range(400)
    ]
    assert np.mean(passed) <= 0.025 + 0.016
