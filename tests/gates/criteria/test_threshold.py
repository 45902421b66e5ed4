import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.threshold import Threshold
from preceptor.gates.types import Evidence


def candidate(scores, baseline=(), **fields):
    rows = [ScoreRow(id=str(number), score=score, **fields) for number, score in enumerate(scores)]
    return Evidence(baseline={"m": list(baseline)}, candidate={"m": rows}, primary="m")


@pytest.mark.parametrize(
    ("right", "n", "verdict"),
    [(36, 36, "pass"), (35, 35, "inconclusive"), (95, 100, "inconclusive"), (970, 1000, "pass"), (70, 100, "fail")],
)
def test_the_whole_exact_interval_must_reach_the_minimum(right, n, verdict):
    """.9^36 = .0225 is below 2.5 %, .9^35 = .0250312 is not."""
    assert Threshold(minimum=0.9).judge(candidate([1] * right + [0] * (n - right))).verdict == verdict


def test_the_required_n_is_where_it_would_pass():
    result = Threshold(minimum=0.9).judge(candidate([1] * 20))
    assert (result.verdict, result.required_n) == ("inconclusive", 36)


def test_below_the_minimum_more_of_the_same_never_passes():
    result = Threshold(minimum=0.9).judge(candidate([1] * 17 + [0] * 3))
    assert (result.verdict, result.required_n) == ("inconclusive", None)
    assert "would not pass" in result.reason


def test_graded_scores_on_an_unknown_scale_have_students_interval():
    """By hand: mean 1.3, t(.975, 4) x .158114 / sqrt 5 = .1963."""
    result = Threshold(minimum=1.05).judge(candidate([1.1, 1.2, 1.3, 1.4, 1.5]))
    assert result.verdict == "pass"
    assert result.interval == pytest.approx((1.1037, 1.4963), abs=5e-5)
    assert Threshold(minimum=1.6).judge(candidate([1.1, 1.2, 1.3, 1.4, 1.5])).verdict == "fail"


def test_graded_scores_on_a_known_scale_ask_what_may_be_unseen():
    """By hand: one score of .5 has a uniform weight, so the ends are .5 x .025 and 1 - .5 x .025."""
    result = Threshold(minimum=0.05).judge(candidate([0.5]))
    assert result.verdict == "inconclusive"
    assert result.interval == pytest.approx((0.0125, 0.9875), abs=5e-5)


def test_equal_ratings_need_the_scale():
    ratings = candidate([4.0] * 200)
    assert Threshold(minimum=3.5).judge(ratings).verdict == "inconclusive"
    assert Threshold(minimum=3.5, scale=(1.0, 5.0)).judge(ratings).verdict == "pass"


def test_a_case_without_a_score_does_not_pass():
    given = candidate([1] * 99 + [None])
    assert Threshold(minimum=0.9).judge(given).verdict == "inconclusive"
    assert Threshold(minimum=0.9, allow_missing=True).judge(given).verdict == "pass"


def test_a_case_that_only_the_baseline_names_does_not_pass():
    given = candidate([1] * 99, baseline=[ScoreRow(id="hard", score=1)])
    result = Threshold(minimum=0.9).judge(given)
    assert result.verdict == "inconclusive"
    assert "'hard'" in result.reason


def test_shared_clusters_count_once():
    rows = [ScoreRow(id=str(n), score=1, cluster=str(n // 10)) for n in range(100)]
    given = Evidence(baseline={}, candidate={"m": rows}, primary="m")
    assert Threshold(minimum=0.9).judge(given).verdict == "inconclusive"


def test_a_minimum_that_is_no_number_is_an_error():
    with pytest.raises(InputError, match="minimum"):
        Threshold(minimum=float("nan"))


def test_cases_that_the_baseline_has_not_make_a_pass_inconclusive():
    """A minimum is not reached by adding easy cases."""
    old = [ScoreRow(id=str(case), score=float(case % 4 > 0)) for case in range(200)]
    padded = [*old, *(ScoreRow(id=f"easy-{case}", score=1.0) for case in range(1000))]
    found = Threshold(minimum=0.7).judge(Evidence(baseline={"m": old}, candidate={"m": padded}, primary="m"))
    assert found.verdict == "inconclusive"
    assert "cases that the baseline has not: 1000" in found.reason
    alone = Threshold(minimum=0.7).judge(Evidence(baseline={}, candidate={"m": padded}, primary="m"))
    assert alone.verdict == "pass"
