import pytest

from preceptor.evals.pairing import ScorePair
from preceptor.gates.cost_ratio import cost_ratio_interval
from preceptor.stats.fieller import ratio_interval


def pairs(before, after):
    return [ScorePair(str(case), old, new, None, ()) for case, (old, new) in enumerate(zip(before, after, strict=True))]


BEFORE = [1.0 + (case % 7) / 10 for case in range(60)]
AFTER = [1.2 * cost + (case % 5) / 50 for case, cost in enumerate(BEFORE)]


def test_without_a_highest_cost_it_is_fiellers():
    assert cost_ratio_interval(pairs(BEFORE, AFTER), 0.95, None) == ratio_interval(AFTER, BEFORE)


def test_with_a_highest_cost_it_is_wider_as_rare_dear_cases_may_be_unseen():
    bounded, fieller = cost_ratio_interval(pairs(BEFORE, AFTER), 0.95, 5.0), ratio_interval(AFTER, BEFORE)
    assert bounded.low < fieller.low < sum(AFTER) / sum(BEFORE) < fieller.high < bounded.high


def test_costs_of_zero_bound_no_ratio():
    assert cost_ratio_interval(pairs([0.0] * 20, [1.0] * 20), 0.95, 5.0) is None


def test_more_of_the_same_cases_bring_the_ends_together():
    few, many = (cost_ratio_interval(pairs(BEFORE * k, AFTER * k), 0.95, 5.0) for k in (1, 8))
    assert many.high - many.low < (few.high - few.low) / 2
    assert many.low == pytest.approx(sum(AFTER) / sum(BEFORE), abs=0.1)
