"""How many of the taken records are good follows from what is known of the judge."""

from __future__ import annotations

import numpy as np
import pytest

from preceptor.judges.calibrate import CalibrationPlan, calibrate
from preceptor.judges.types import HumanLabel, JudgedAnswer
from preceptor.synthesis.good_share import good_share


def record(clock, num_right_good: int, num_right_bad: int, of: int = 100):
    """A judge that is right about so many of `of` good answers and of `of` bad ones."""
    scores = (
        [1.0] * num_right_good + [0.0] * (of - num_right_good) + [0.0] * num_right_bad + [1.0] * (of - num_right_bad)
    )
    labels = [1.0] * of + [0.0] * of
    answers = [JudgedAnswer(case_id=f"c{i}", score=score) for i, score in enumerate(scores)]
    human = [HumanLabel(case_id=f"c{i}", value=label, annotator="ada") for i, label in enumerate(labels)]
    return calibrate(answers, human, CalibrationPlan(judge="j", metric="m"), clock(), [])


def test_by_hand(clock):
    """Sensitivity .9, specificity .8, 62 of 100 taken: (.62 - .2) / .7 = .6 are good; of the taken .54 / .62."""
    share = good_share(62, 100, record(clock, 90, 80))
    assert share.value == pytest.approx(0.54 / 0.62)
    assert share.interval.low < share.value < share.interval.high


def test_a_judge_that_guesses_gives_no_figure(clock):
    share = good_share(50, 100, record(clock, 50, 50))
    assert share.value is None
    assert "guessing" in share.reason


def test_the_interval_holds_the_truth_at_least_as_often_as_it_says(clock):
    """Simulation: 60 % good, sensitivity .9, specificity .8, 100 labels of each kind, 300 judged, 200 repetitions."""
    rng = np.random.default_rng(4)
    truth = 0.9 * 0.6 / (0.9 * 0.6 + 0.2 * 0.4)
    num_held = 0
    for _ in range(200):
        calibration = record(clock, int(rng.binomial(100, 0.9)), int(rng.binomial(100, 0.8)))
        good = int(rng.binomial(300, 0.6))
        taken = int(rng.binomial(good, 0.9) + rng.binomial(300 - good, 0.2))
        interval = good_share(taken, 300, calibration).interval
        num_held += interval.low <= truth <= interval.high
    assert num_held >= 0.95 * 200
