"""What both relative criteria share; tried through non_inferiority with a margin of two points."""

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.non_inferiority import NonInferiority
from preceptor.gates.types import Evidence


def evidence(baseline, candidate):
    return Evidence(baseline={"score": baseline}, candidate={"score": candidate}, primary="score")


def rows(scores, **fields):
    return [ScoreRow(id=str(number), score=score, **fields) for number, score in enumerate(scores)]


def flipped(n, gained, lost):
    baseline = [0] * gained + [1] * (n - gained)
    candidate = [1] * gained + [0] * lost + [1] * (n - gained - lost)
    return evidence(rows(baseline), rows(candidate))


def judge(given, **settings):
    return NonInferiority(**{"margin": 0.02, **settings}).judge(given)


@pytest.mark.parametrize(("n", "verdict"), [(1, "inconclusive"), (182, "inconclusive"), (183, "pass"), (500, "pass")])
def test_no_flips_pass_from_183_cases_on(n, verdict):
    """.98^n falls to .025 at n = 183."""
    result = judge(flipped(n, 0, 0))
    assert (result.verdict, result.required_n, result.n) == (verdict, 183, n)
    assert (result.interval.low > -0.02) is (verdict == "pass")


def test_a_loss_beyond_the_margin_fails():
    """60 lost of 300: the loss is 20 points."""
    result = judge(flipped(300, 0, 60))
    assert result.verdict == "fail"
    assert result.value == pytest.approx(-0.2)
    assert result.interval.high < -0.02
    assert result.required_n is None


def test_a_certain_loss_inside_the_margin_passes():
    """200 lost of 20,000 is a certain loss of one point, and two are accepted."""
    result = judge(flipped(20_000, 0, 200))
    assert result.verdict == "pass"
    assert result.interval.high < 0


def test_a_certain_gain_passes():
    assert judge(flipped(200, 60, 5)).verdict == "pass"


def test_many_flips_need_many_cases():
    result = judge(flipped(200, 10, 10))
    assert result.verdict == "inconclusive"
    assert result.required_n > 900
    assert f"about {result.required_n:,} cases" in result.reason


def test_a_loss_seen_at_the_margin_cannot_be_settled_by_more_of_the_same():
    result = judge(flipped(100, 0, 3))
    assert (result.verdict, result.required_n) == ("inconclusive", None)
    assert "would not pass" in result.reason


def test_dropping_cases_does_not_pass():
    """The candidate left out the case it lost."""
    given = evidence(rows([1] * 300), rows([1] * 299))
    result = judge(given)
    assert result.verdict == "inconclusive"
    assert "cases that could not be compared: 1 only in the baseline ('299')" in result.reason
    assert judge(given, allow_unpaired=True).verdict == "pass"


def test_a_missing_score_does_not_pass():
    given = evidence(rows([1] * 300), [*rows([1] * 299), ScoreRow(id="299", score=None, reason="timed out")])
    assert judge(given).verdict == "inconclusive"
    assert "without a candidate score" in judge(given).reason


def test_missing_scores_do_not_rescue_from_a_fail():
    given = evidence(rows([1] * 301), rows([0] * 60 + [1] * 240))
    assert judge(given).verdict == "fail"


def test_an_unknown_metric_is_inconclusive_and_named():
    result = judge(flipped(300, 0, 0), metric="helpfulness")
    assert result.verdict == "inconclusive"
    assert result.reason == "the baseline has no metric 'helpfulness'; it has: 'score'"


def test_no_shared_case_is_inconclusive():
    result = judge(evidence([ScoreRow(id="a", score=1)], [ScoreRow(id="b", score=1)]))
    assert (result.verdict, result.n, result.value) == ("inconclusive", 0, None)
    assert "same cases" in result.reason


def test_contradicting_evidence_is_an_error():
    with pytest.raises(InputError, match="more than one score"):
        judge(evidence(rows([1]) * 2, rows([1])))


def test_graded_scores_are_judged_by_their_interval():
    rng = np.random.default_rng(1)
    before = rng.uniform(0.3, 0.7, 400)
    noise = rng.normal(0, 0.05, 400)
    as_good, worse = before + noise, before + noise - 0.1
    assert judge(evidence(rows(before), rows(as_good))).verdict == "pass"
    assert judge(evidence(rows(before), rows(worse))).verdict == "fail"
    few = judge(evidence(rows([0.5] * 8), rows([0.4, 0.6, 0.45, 0.55, 0.3, 0.7, 0.52, 0.48])))
    assert few.verdict == "inconclusive"
    assert few.required_n > 8


def test_equal_graded_scores_need_as_many_cases_as_yes_no_scores():
    result = judge(evidence(rows([0.5] * 100), rows([0.5] * 100)))
    assert (result.verdict, result.required_n) == ("inconclusive", 183)


def test_ratings_without_a_scale_are_inconclusive_when_nothing_changed():
    ratings = evidence(rows([4.0] * 900), rows([4.0] * 900))
    assert judge(ratings, margin=0.1).verdict == "inconclusive"
    assert "scale" in judge(ratings, margin=0.1).reason
    assert judge(ratings, margin=0.1, scale=(1.0, 5.0)).verdict == "pass"


def test_copies_in_a_cluster_do_not_make_a_pass():
    """200 unchanged cases from 20 users are 20 units, not 200."""
    clustered = [ScoreRow(id=str(n), score=1, cluster=str(n // 10)) for n in range(200)]
    result = judge(evidence(clustered, rows([1] * 200)))
    assert result.verdict == "inconclusive"
    assert result.required_n == pytest.approx(1830, abs=10)


def test_the_same_evidence_gives_the_same_result():
    rng = np.random.default_rng(3)
    given = evidence(rows([0.0] * 80), rows(rng.exponential(0.05, 80)))
    assert judge(given) == judge(given)


@pytest.mark.parametrize("margin", [0.02, 0.05])
def test_a_candidate_worse_by_the_margin_seldom_passes_with_graded_scores(margin):
    """Simulated: rare losses of half the scale; at most 2.5 % pass, give or take three standard errors."""
    rng = np.random.default_rng(12)
    passed = 0
    for _ in range(300):
        lost = rng.random(250) < 2 * margin
        passed += judge(evidence(rows([1.0] * 250), rows(np.where(lost, 0.5, 1.0))), margin=margin).verdict == "pass"
    assert passed / 300 <= 0.025 + 3 * (0.025 * 0.975 / 300) ** 0.5


@pytest.mark.parametrize("n", [50, 100, 200])
def test_rare_disasters_among_wavering_scores_seldom_pass(n):
    """Simulated: one answer in fifty falls by most of the scale, the others by chance; the true loss is the margin."""
    rng = np.random.default_rng(13)
    baseline = rows([0.9] * n)
    passed = 0
    for _ in range(200):
        changes = np.where(rng.random(n) < 0.02, -0.8, 0.0) + rng.uniform(-0.04, 0.04, n)
        candidate = rows(np.clip(0.9 + changes, 0, 1))
        passed += judge(evidence(baseline, candidate), margin=0.016).verdict == "pass"
    assert passed / 200 <= 0.025 + 3 * (0.025 * 0.975 / 200) ** 0.5
