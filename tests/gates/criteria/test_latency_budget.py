import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.latency_budget import LatencyBudget
from preceptor.gates.types import LATENCY_METRIC, Evidence


def rows(seconds):
    return [ScoreRow(id=str(case), score=value) for case, value in enumerate(seconds)]


def judge(criterion, candidate, baseline=()):
    sides = {LATENCY_METRIC: rows(baseline)}, {LATENCY_METRIC: rows(candidate)}
    return criterion.judge(Evidence(baseline=sides[0], candidate=sides[1], primary="m"))


@pytest.mark.parametrize(
    ("percentile", "n", "verdict"),
    [(95, 71, "inconclusive"), (95, 72, "pass"), (99, 367, "inconclusive"), (99, 368, "pass"), (50, 6, "pass")],
)
def test_even_when_all_are_in_time_a_percentile_takes_cases(percentile, n, verdict):
    """The share^n must be at most .025: .95^72, .99^368, .5^6 = .0156."""
    result = judge(LatencyBudget(percentile=percentile, maximum=1.0), [0.5] * n)
    assert result.verdict == verdict


def test_the_required_n_is_where_it_would_pass():
    assert judge(LatencyBudget(maximum=1.0), [0.5] * 20).required_n == 72


def test_too_many_late_answers_fail():
    """20 of 100 late: the exact upper end of the share in time is .873, below .95."""
    result = judge(LatencyBudget(maximum=1.0), [0.5] * 80 + [2.0] * 20)
    assert (result.verdict, result.value) == ("fail", 2.0)


def test_the_ratio_is_judged_at_half_of_the_error_each():
    """Ten times as slow, 1,000 cases of .001 to 1.000 s: the ratio lies between 9 and 11, not above 12, above 8."""
    before = [case / 1000 for case in range(1, 1001)]
    after = [10 * seconds for seconds in before]
    found = judge(LatencyBudget(max_ratio=12), after, before)
    assert (found.verdict, found.value) == ("pass", pytest.approx(10))
    assert 9 < found.interval.low < 10 < found.interval.high < 11
    assert judge(LatencyBudget(max_ratio=8), after, before).verdict == "fail"
    assert judge(LatencyBudget(max_ratio=10), after, before).verdict == "inconclusive"


def test_too_few_cases_bound_no_ratio():
    result = judge(LatencyBudget(max_ratio=2), [1.0] * 30, [1.0] * 30)
    assert (result.verdict, result.interval) == ("inconclusive", None)


def test_both_budgets_must_hold():
    result = judge(LatencyBudget(maximum=3.0, max_ratio=1.5), [2.0] * 100, [1.0] * 100)
    assert [part.verdict for part in result.slices] == ["pass", "fail"]
    assert result.verdict == "fail"


def test_a_case_without_a_latency_keeps_it_from_passing():
    given = [0.5] * 100 + [None]
    assert judge(LatencyBudget(maximum=1.0), given).verdict == "inconclusive"
    assert judge(LatencyBudget(maximum=1.0, allow_missing=True), given).verdict == "pass"


@pytest.mark.parametrize(
    "settings", [{}, {"maximum": 0.0}, {"percentile": 100, "maximum": 1.0}, {"percentile": 0.95, "maximum": 1.0}]
)
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(InputError):
        LatencyBudget(**settings)
