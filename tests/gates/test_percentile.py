import numpy as np
import pytest

from preceptor.evals.types import ScoreRow
from preceptor.gates.percentile import percentile_interval, percentile_of


def rows(values, **fields):
    return [ScoreRow(id=str(case), score=value, **fields) for case, value in enumerate(values)]


def test_the_ends_are_the_order_statistics_of_the_textbook():
    """Median of 100 at 95 %: the 40th and the 61st value (Conover 1999, Practical Nonparametric Statistics, 3.2)."""
    values = [float(rank) for rank in range(1, 101)]
    assert percentile_interval(rows(values), 0.5, 0.95) == (40.0, 61.0)
    assert percentile_of(rows(values), 0.5) == 50.0


@pytest.mark.parametrize(("share", "least"), [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368)])
def test_so_many_cases_bound_a_percentile_from_above(share, least):
    """The smallest n with share^n at most .025."""
    values = np.linspace(1, 2, least)
    assert percentile_interval(rows(values[:-1]), share, 0.95) is None
    assert percentile_interval(rows(values), share, 0.95).high == 2.0


def test_equal_values_bound_it_at_themselves():
    assert percentile_interval(rows([1.0] * 100), 0.95, 0.95).high == 1.0


def test_missing_values_are_none_of_it():
    assert percentile_of(rows([None, 3.0]), 0.5) == 3.0
    assert percentile_of(rows([None]), 0.5) is None
    assert percentile_interval(rows([None]), 0.5, 0.95) is None


def test_shared_clusters_widen_it():
    values = [float(case) for case in range(400)]
    alone = percentile_interval(rows(values), 0.5, 0.95)
    grouped = [ScoreRow(id=str(case), score=value, cluster=str(case // 20)) for case, value in enumerate(values)]
    together = percentile_interval(grouped, 0.5, 0.95)
    assert together.low < alone.low
    assert together.high > alone.high


def test_it_covers_the_true_percentile_at_least_as_often_as_it_says():
    """p90 of 120 lognormal values, 500 samples; the true value is exp(1.2816)."""
    rng = np.random.default_rng(3)
    truth = np.exp(1.2815515655)
    intervals = [percentile_interval(rows(rng.lognormal(0, 1, 120)), 0.9, 0.95) for _ in range(500)]
    missed_above = np.mean([interval.low > truth for interval in intervals])
    missed_below = np.mean([interval.high < truth for interval in intervals])
    assert missed_above <= 0.025 + 0.015
    assert missed_below <= 0.025 + 0.015
