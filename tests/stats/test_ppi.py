"""Prediction-powered means match a second implementation, and their intervals cover."""

from math import sqrt

import numpy as np
import pytest

from preceptor.core.errors import InputError
from preceptor.stats.intervals import clopper_pearson
from preceptor.stats.means import mean_interval, mean_sample
from preceptor.stats.ppi import LabelledScores, ppi_interval, ppi_mean
from preceptor.stats.types import Interval

UNIT = Interval(0.0, 1.0)
DIFFERENCES = Interval(-1.0, 1.0)

# Ten labels: judge and people agree on eight, and err once in each direction.
TEN = LabelledScores(
    labels=[1] * 7 + [0] * 3,
    judged=[1] * 6 + [0, 1, 0, 0],
    rest=[1] * 70 + [0] * 30,
)


def normal_interval(estimate):
    return estimate.value - 1.959964 * estimate.standard_error, estimate.value + 1.959964 * estimate.standard_error


def test_the_untuned_estimate_is_the_first_papers():
    """Value 19 of our reference list; ppi-python 0.2.3 gives .40863041 to .99136959 for these vectors."""
    estimate = ppi_mean(TEN, tuning=1.0, small_sample=False)
    assert estimate.value == pytest.approx(0.7)
    assert normal_interval(estimate) == pytest.approx((0.408630, 0.991370), abs=1e-6)


def test_the_tuned_estimate_is_that_of_ppi_plus_plus():
    """The same list; ppi-python: .45393015 to .94606985. By hand, tuning = .11 / (1.1 x .21)."""
    estimate = ppi_mean(TEN, small_sample=False)
    assert estimate.tuning == pytest.approx(0.11 / (1.1 * 0.21))
    assert normal_interval(estimate) == pytest.approx((0.453930, 0.946070), abs=5e-6)


def test_graded_scores_match_a_second_implementation():
    """ppi-python 0.2.3 on the same numbers; its tuning divides by n - 1, which moves the fifth decimal."""
    i, j = np.arange(40), np.arange(160)
    scores = LabelledScores(
        labels=((i * 7) % 11) / 10,
        judged=np.round(0.3 * ((i * 7) % 11) / 10 + 0.6 * ((i * 5) % 7) / 7, 3),
        rest=np.round(0.3 * ((j * 3) % 11) / 10 + 0.6 * ((j * 4) % 7) / 7, 3),
    )
    assert normal_interval(ppi_mean(scores, small_sample=False)) == pytest.approx((0.411569, 0.595294), abs=2e-5)


def test_the_small_sample_factor_counts_what_was_estimated():
    """Ten labels, the mean and the tuning: the variance grows by 10 / 8."""
    large, small = ppi_mean(TEN, small_sample=False), ppi_mean(TEN)
    assert small.standard_error == pytest.approx(large.standard_error * sqrt(10 / 8))


def test_a_perfect_judge_is_nearly_as_good_as_labels_for_all():
    """All 1,100 known: close to the error of 1,100 labels (the tuning is itself an estimate), a third of that of 100."""
    truth = np.random.default_rng(5).normal(0.5, 0.1, 1100)
    scores = LabelledScores(labels=truth[:100], judged=truth[:100], rest=truth[100:])
    estimate = ppi_mean(scores, small_sample=False)
    assert estimate.standard_error == pytest.approx(truth.std() / sqrt(1100), rel=0.15)


def test_a_useless_judge_leaves_the_labels_alone():
    labels = [1, 0] * 20
    found = ppi_interval(LabelledScores(labels=labels, judged=[0, 1] * 20, rest=[1, 0] * 50))
    assert found.estimate.tuning == 0
    assert found.interval == clopper_pearson(20, 40)
    assert "the labels alone" in found.reason


def test_without_other_cases_the_labels_decide_exactly():
    found = ppi_interval(LabelledScores(labels=[1] * 30, judged=[0] * 15 + [1] * 15, rest=[]))
    assert found.interval == clopper_pearson(30, 30)
    assert found.reason == ""


def test_a_judge_that_agrees_on_every_label_is_not_certain():
    """No disagreement in 50 labels: up to 1 - .025^(1/50) = 7.1 % of answers may be misjudged, so the width is not small."""
    verdicts = [1.0] * 40 + [0.0] * 10
    found = ppi_interval(LabelledScores(labels=verdicts, judged=verdicts, rest=verdicts * 40))
    assert found.interval.low < 0.8 - 0.05
    assert found.interval.high > 0.8 + 0.05


def test_unchanged_pairs_are_not_certain():
    """Nothing changed by judge or people: the judge's scores are constant, the labels have the exact bound of the mean."""
    found = ppi_interval(LabelledScores(labels=[0.0] * 60, judged=[0.0] * 60, rest=[0.0] * 300), bounds=DIFFERENCES)
    assert found.interval == mean_interval(mean_sample([0.0] * 60), bounds=DIFFERENCES)
    assert found.interval.high == pytest.approx(1 - 0.025 ** (1 / 60))


def test_a_judge_of_differences_that_always_agrees_may_be_wrong_by_two():
    """A misjudged pair may be off by 2 (gained instead of lost): 2 x (1 - .025^(1/60)) = .119."""
    labels = [0.0] * 50 + [1.0] * 5 + [-1.0] * 5
    found = ppi_interval(LabelledScores(labels=labels, judged=labels, rest=labels * 20), bounds=DIFFERENCES)
    assert found.interval.low <= -0.119


def test_unknown_bounds_give_no_interval_where_nearly_all_agree():
    labels = [float(grade) for grade in range(1, 6)] * 10
    found = ppi_interval(LabelledScores(labels=labels, judged=labels, rest=labels))
    assert found.interval is None
    assert "name the scale" in found.reason


def test_few_labels_give_no_interval():
    labels = [1.0, 0.0] * 9
    found = ppi_interval(LabelledScores(labels=labels, judged=labels, rest=labels))
    assert found.interval is None
    assert found.reason == "18 human labels; a corrected mean needs 20"


def test_copies_in_clusters_do_not_count_as_labels():
    """Each case five times over, all in one cluster: the error is that of the single cases."""
    rng = np.random.default_rng(2)
    labels = rng.uniform(0, 1, 60)
    judged = 0.8 * labels + rng.normal(0, 0.1, 60)
    rest = rng.uniform(0, 0.8, 300)
    single = ppi_mean(LabelledScores(labels=labels, judged=judged, rest=rest), tuning=0.7)
    copied = ppi_mean(
        LabelledScores(
            labels=np.repeat(labels, 5),
            judged=np.repeat(judged, 5),
            rest=np.repeat(rest, 5),
            label_clusters=[f"l{case}" for case in range(60) for _ in range(5)],
            rest_clusters=[f"r{case}" for case in range(300) for _ in range(5)],
        ),
        tuning=0.7,
    )
    assert copied.standard_error == pytest.approx(single.standard_error)
    assert copied.units == 60


def test_a_cluster_over_both_parts_counts_its_covariance():
    """By hand, tuning 1: the labels pull .25 x (1, 1, -1, -1) minus the judge's pull, the rest against them."""
    labels, judged, rest = [1.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.5, 0.5], [1.0, 1.0, 0.0, 0.0]
    apart = ppi_mean(LabelledScores(labels=labels, judged=judged, rest=rest), tuning=1.0, small_sample=False)
    together = LabelledScores(
        labels=labels, judged=judged, rest=rest, label_clusters=["a", "b", "c", "d"], rest_clusters=["a", "b", "c", "d"]
    )
    # Apart: 8 pulls of .125. Together: 4 sums of .25.
    assert apart.standard_error == pytest.approx(sqrt(8 * 0.125**2))
    assert ppi_mean(together, tuning=1.0, small_sample=False).standard_error == pytest.approx(sqrt(4 * 0.25**2))


def test_few_labelled_clusters_give_no_interval():
    labels = [1.0, 0.0, 0.5, 0.2] * 10
    clusters = [str(case // 10) for case in range(40)]
    found = ppi_interval(LabelledScores(labels=labels, judged=labels, rest=labels, label_clusters=clusters))
    assert found.interval is None
    assert "4 labelled clusters" in found.reason


@pytest.mark.parametrize(
    "scores",
    [
        LabelledScores(labels=[1], judged=[1], rest=[1, 0]),
        LabelledScores(labels=[1, 0], judged=[1], rest=[1, 0]),
        LabelledScores(labels=[1, 0], judged=[1, float("nan")], rest=[1, 0]),
        LabelledScores(labels=[1, 0], judged=[1, 0], rest=[1], label_clusters=["a"]),
    ],
)
def test_unusable_scores_are_refused(scores):
    with pytest.raises(InputError):
        ppi_mean(scores)


def judged_by(truth, sensitivity, specificity, rng):
    chance = rng.random(truth.shape)
    return np.where(truth == 1, chance < sensitivity, chance > specificity).astype(float)


@pytest.mark.parametrize("num_labels", [50, 100, 200])
@pytest.mark.parametrize(
    ("share", "specificity", "is_near_nominal"), [(0.5, 0.7, True), (0.05, 0.8, False), (0.95, 0.9, False)]
)
def test_the_interval_covers_the_truth_and_the_judges_own_does_not(num_labels, share, specificity, is_near_nominal):
    """Simulated, 800 samples of 600 cases: at least 95 % less 1.5 points; at most 1.5 more where disagreements are many."""
    rng = np.random.default_rng(round(1000 * share) + num_labels)
    truth = (rng.random((800, 600)) < share).astype(float)
    judged = judged_by(truth, 0.95 if share < 0.9 else 0.8, specificity, rng)
    covered = judge_covered = 0
    for labels, scores in zip(truth, judged, strict=True):
        parts = LabelledScores(labels=labels[:num_labels], judged=scores[:num_labels], rest=scores[num_labels:])
        low, high = ppi_interval(parts, bounds=UNIT).interval
        covered += low <= share <= high
        reach = 1.96 * sqrt(scores.mean() * (1 - scores.mean()) / 600)
        judge_covered += abs(scores.mean() - share) <= reach
    error = 3 * sqrt(0.95 * 0.05 / 800)
    assert covered / 800 >= 0.935 - error
    if is_near_nominal and num_labels >= 100:
        assert covered / 800 <= 0.965 + error
    assert judge_covered / 800 < 0.5


def test_skewed_differences_pass_seldom_at_the_bar():
    """Simulated: a judge that flatters the candidate by about 10 points; the lower end is above the truth 2.5 % of the time."""
    rng = np.random.default_rng(8)
    passed = judge_passed = 0
    for _ in range(1500):
        baseline = rng.random(400) < 0.5
        candidate = np.where(baseline, rng.random(400) >= 0.2, rng.random(400) < 0.1)
        flattered = np.where(candidate, True, rng.random(400) < 0.18)
        truth, judged = (side.astype(float) - baseline for side in (candidate, flattered))
        parts = LabelledScores(labels=truth[:200], judged=judged[:200], rest=judged[200:])
        passed += ppi_interval(parts, bounds=DIFFERENCES).interval.low > -0.05
        judge_passed += judged.mean() - 1.96 * judged.std() / 20 > -0.05
    assert passed / 1500 <= 0.025 + 3 * sqrt(0.025 * 0.975 / 1500)
    assert judge_passed / 1500 > 0.5


@pytest.mark.parametrize("num_labels", [50, 100])
def test_rare_large_errors_of_a_graded_judge_are_not_overlooked(num_labels):
    """Simulated: the judge wavers a little, and overrates one answer in fifty by most of the scale."""
    rng = np.random.default_rng(13)
    above = 0
    for _ in range(600):
        people = 0.9 + rng.uniform(-0.02, 0.02, 500)
        judged = people + rng.uniform(-0.02, 0.02, 500)
        people = np.where(rng.random(500) < 0.02, 0.1, people)
        parts = LabelledScores(labels=people[:num_labels], judged=judged[:num_labels], rest=judged[num_labels:])
        above += ppi_interval(parts, bounds=UNIT).interval.low > 0.884
    assert above / 600 <= 0.025 + 3 * sqrt(0.025 * 0.975 / 600)
