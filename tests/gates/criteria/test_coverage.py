import pytest

from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.coverage import Coverage
from preceptor.gates.types import Evidence

FIVE = [ScoreRow(id=str(number), score=1) for number in range(5)]


@pytest.mark.parametrize(("minimum", "verdict"), [(0.8, "pass"), (0.81, "fail"), (1.0, "fail")])
def test_cases_without_a_score_count_against_the_candidate(minimum, verdict):
    rows = [*FIVE[:4], ScoreRow(id="4", score=None, reason="the judge gave no number")]
    result = Coverage(minimum=minimum).judge(Evidence(baseline={"m": FIVE}, candidate={"m": rows}, primary="m"))
    assert (result.verdict, result.value, result.n) == (verdict, 0.8, 5)


def test_cases_that_the_candidate_left_out_count_too():
    result = Coverage().judge(Evidence(baseline={"m": FIVE}, candidate={"m": FIVE[:3]}, primary="m"))
    assert (result.verdict, result.value) == ("fail", 0.6)


def test_every_case_scored_is_full_coverage():
    result = Coverage().judge(Evidence(baseline={}, candidate={"m": FIVE}, primary="m"))
    assert (result.verdict, result.value, result.interval) == ("pass", 1.0, None)
