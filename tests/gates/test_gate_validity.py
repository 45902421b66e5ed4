"""The promise of the gate on every kind of score, in short; `benchmarks/gate_validity.py` has the whole table."""

import numpy as np
import pytest

from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.non_inferiority import NonInferiority
from preceptor.gates.types import Evidence

NUM_RELEASES = 120
BOUND = 0.025 + 3 * (0.025 * 0.975 / NUM_RELEASES) ** 0.5


def share_passed(draw, margin, clusters=None):
    """Of candidates that are worse by exactly the margin."""
    passed = 0
    for _ in range(NUM_RELEASES):
        changes = draw()
        before = np.where(changes < 0, 1.0, 0.0)
        names = clusters or [None] * len(changes)
        sides = [
            [
                ScoreRow(id=str(n), score=float(one), cluster=name)
                for n, (one, name) in enumerate(zip(side, names, strict=True))
            ]
            for side in (before, before + changes)
        ]
        evidence = Evidence(baseline={"m": sides[0]}, candidate={"m": sides[1]}, primary="m")
        passed += NonInferiority(margin=margin).judge(evidence).verdict == "pass"
    return passed / NUM_RELEASES


@pytest.mark.parametrize("n", [10, 50, 200])
def test_rare_disasters_among_wavering_scores_do_not_pass(n):
    """The whole loss is in falls by .9, as rare as the margin allows; Student's interval passes up to 5 %."""
    rng = np.random.default_rng(n)
    margin = 0.05

    def draw():
        return np.where(rng.random(n) < margin / 0.9, -0.9, rng.uniform(-0.3, 0.3, n))

    assert share_passed(draw, margin) <= BOUND


def test_a_long_tail_of_losses_does_not_pass():
    rng = np.random.default_rng(1)
    assert share_passed(lambda: (0.1 - rng.beta(0.3, 2.7, 100)) * 0.9 - 0.02, 0.02) <= BOUND


@pytest.mark.parametrize("icc", [0.3, 1.0])
def test_clusters_that_fall_together_do_not_pass(icc):
    rng = np.random.default_rng(2)
    owner = np.arange(200) // 5
    shares = [0.1, 0.85, 0.05]

    def draw():
        together = rng.choice([-1.0, 0.0, 1.0], 40, p=shares)[owner]
        return np.where(rng.random(200) < icc**0.5, together, rng.choice([-1.0, 0.0, 1.0], 200, p=shares))

    assert share_passed(draw, 0.05, [str(one) for one in owner]) <= BOUND


def test_a_candidate_that_is_as_good_passes_where_there_are_cases_enough():
    """200 wavering cases, margin 5 points: nearly all of them pass."""
    rng = np.random.default_rng(3)
    assert share_passed(lambda: rng.normal(0, 0.1, 200).clip(-0.5, 0.5), 0.05) > 0.8
