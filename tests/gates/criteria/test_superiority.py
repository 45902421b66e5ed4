import pytest

from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.superiority import Superiority
from preceptor.gates.types import Evidence


def flipped(n, gained, lost):
    baseline = [0] * gained + [1] * (n - gained)
    candidate = [1] * gained + [0] * lost + [1] * (n - gained - lost)
    rows = [[ScoreRow(id=str(n), score=score) for n, score in enumerate(side)] for side in (baseline, candidate)]
    return Evidence(baseline={"m": rows[0]}, candidate={"m": rows[1]}, primary="m")


@pytest.mark.parametrize(
    ("gained", "lost", "verdict"), [(20, 0, "pass"), (0, 20, "fail"), (5, 5, "inconclusive"), (0, 0, "inconclusive")]
)
def test_only_a_certain_gain_passes(gained, lost, verdict):
    assert Superiority().judge(flipped(100, gained, lost)).verdict == verdict


def test_the_gain_can_be_asked_to_be_large():
    """20 gained of 100: certainly above 5 points, not certainly above 15, certainly below 50."""
    given = flipped(100, 20, 0)
    assert Superiority(minimum_gain=0.05).judge(given).verdict == "pass"
    assert Superiority(minimum_gain=0.15).judge(given).verdict == "inconclusive"
    assert Superiority(minimum_gain=0.5).judge(given).verdict == "fail"
