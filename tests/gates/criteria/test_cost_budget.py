import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.cost_budget import CostBudget
from preceptor.gates.types import COST_METRIC, Evidence

TWO_KINDS = [1.0, 3.0] * 25


def rows(costs):
    return [ScoreRow(id=str(case), score=cost) for case, cost in enumerate(costs)]


def judge(criterion, candidate, baseline=()):
    sides = {COST_METRIC: rows(baseline)}, {COST_METRIC: rows(candidate)}
    return criterion.judge(Evidence(baseline=sides[0], candidate=sides[1], primary="m"))


@pytest.mark.parametrize(
    ("maximum", "verdict"), [(2.288, "pass"), (2.286, "inconclusive"), (1.714, "inconclusive"), (1.712, "fail")]
)
def test_the_whole_interval_of_the_mean_must_be_within_the_budget(maximum, verdict):
    """By hand: mean 2, sd sqrt(50 / 49), t(.975, 49) 2.0096, so 2 +- .2871."""
    result = judge(CostBudget(maximum=maximum), TWO_KINDS)
    assert (result.verdict, result.value, result.n) == (verdict, 2.0, 50)
    assert result.interval == pytest.approx((1.7129, 2.2871), abs=1e-4)


def test_fewer_than_50_cases_without_a_known_highest_are_inconclusive():
    result = judge(CostBudget(maximum=100), TWO_KINDS[:49])
    assert (result.verdict, result.required_n) == ("inconclusive", 50)


def test_equal_costs_need_to_know_the_highest():
    """All at .001 where one may cost 1: the mean may be .001 + .999 x (1 - .025^(1/100)) = .0372."""
    free = [0.001] * 100
    unknown = judge(CostBudget(maximum=0.04), free)
    assert unknown.verdict == "inconclusive"
    assert "set `highest`" in unknown.reason
    assert judge(CostBudget(maximum=0.0373, highest=1.0), free).verdict == "pass"
    assert judge(CostBudget(maximum=0.0371, highest=1.0), free).verdict == "inconclusive"


def test_a_cost_above_the_highest_that_is_said_to_be_possible_is_inconclusive():
    result = judge(CostBudget(maximum=1.0, highest=2.0), TWO_KINDS)
    assert result.verdict == "inconclusive"
    assert "outside of the 0 to 2" in result.reason


@pytest.mark.parametrize(("ratio", "verdict"), [(1.3, "pass"), (1.1, "fail")])
def test_the_ratio_is_that_of_the_means(ratio, verdict):
    """Every case costs 1.2 times as much, so no pair leaves any doubt of the ratio."""
    before = [1.0 + case / 100 for case in range(60)]
    result = judge(CostBudget(max_ratio=ratio), [1.2 * cost for cost in before], before)
    assert (result.verdict, result.value) == (verdict, pytest.approx(1.2))
    assert result.interval == pytest.approx((1.2, 1.2))


def test_both_budgets_must_hold():
    before = [1.0 + case / 100 for case in range(60)]
    result = judge(CostBudget(maximum=5.0, max_ratio=1.1), [1.2 * cost for cost in before], before)
    assert [part.verdict for part in result.slices] == ["pass", "fail"]
    assert result.verdict == "fail"
    assert "the budget is 1.1 times" in result.reason


def test_a_case_without_a_cost_keeps_it_from_passing():
    given = [*TWO_KINDS, None]
    assert judge(CostBudget(maximum=5), given).verdict == "inconclusive"
    assert judge(CostBudget(maximum=5, allow_missing=True), given).verdict == "pass"
    assert judge(CostBudget(maximum=0.5), given).verdict == "fail"


def test_a_case_that_only_the_baseline_paid_for_keeps_it_from_passing():
    assert judge(CostBudget(maximum=5), TWO_KINDS, [*TWO_KINDS, 9.0]).verdict == "inconclusive"


@pytest.mark.parametrize("settings", [{}, {"maximum": 0.0}, {"max_ratio": -1.0}, {"maximum": 1.0, "highest": 0.0}])
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(InputError):
        CostBudget(**settings)
