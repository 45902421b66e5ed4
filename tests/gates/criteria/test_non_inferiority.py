"""The promise of the gate, tried end to end: by enumeration of every result, not only by simulation."""

import numpy as np
import pytest
from scipy import stats

from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.non_inferiority import NonInferiority
from preceptor.gates.types import Evidence


def flipped(n, gained, lost):
    baseline = [0] * gained + [1] * (n - gained)
    candidate = [1] * gained + [0] * lost + [1] * (n - gained - lost)
    rows = [[ScoreRow(id=str(n), score=score) for n, score in enumerate(side)] for side in (baseline, candidate)]
    return Evidence(baseline={"m": rows[0]}, candidate={"m": rows[1]}, primary="m")


def test_a_candidate_worse_by_exactly_the_margin_passes_in_at_most_one_of_forty():
    """All 45 results of 8 cases, margin .3, weighed by their exact chance at 80 discordances."""
    n, margin = 8, 0.3
    criterion = NonInferiority(margin=margin)
    results = [(gained, lost) for gained in range(n + 1) for lost in range(n + 1 - gained)]
    passed = [pair for pair in results if criterion.judge(flipped(n, *pair)).verdict == "pass"]
    assert passed
    for share_gained in np.linspace(0, (1 - margin) / 2, 80):
        shares = [share_gained, share_gained + margin, max(0.0, 1 - 2 * share_gained - margin)]
        counts = np.array([[gained, lost, n - gained - lost] for gained, lost in passed])
        assert stats.multinomial.pmf(counts, n, shares).sum() <= 0.025


@pytest.mark.parametrize(("confidence", "least"), [(0.90, 149), (0.95, 183), (0.99, 263)])
def test_more_confidence_takes_more_cases(confidence, least):
    """No valid rule passes without flips before .98^n is at most .05, .025, .005: n = 148.3, 182.6, 262.3 rounded up."""
    criterion = NonInferiority(margin=0.02, confidence=confidence)
    needed = criterion.judge(flipped(10, 0, 0)).required_n
    assert least <= needed <= 1.15 * least
    assert criterion.judge(flipped(needed - 1, 0, 0)).verdict == "inconclusive"
    assert criterion.judge(flipped(needed, 0, 0)).verdict == "pass"


def test_another_scale_on_one_side_is_no_gain():
    old = [ScoreRow(id=str(case), score=float(case % 4 > 0)) for case in range(200)]
    new = [ScoreRow(id=str(case), score=100.0) for case in range(200)]
    evidence = Evidence(baseline={"m": old}, candidate={"m": new}, primary="m")
    found = NonInferiority(margin=0.05).judge(evidence)
    assert (found.verdict, found.n) == ("inconclusive", 200)
    assert "is it the same scale?" in found.reason
    assert NonInferiority(margin=0.05, scale=(0, 100)).judge(evidence).verdict == "pass"
