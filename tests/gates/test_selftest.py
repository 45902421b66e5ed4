"""The selftest's own numbers: pairs without a difference have none, pairs at the bar have exactly the margin."""

import numpy as np
import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.policy import load_policy
from preceptor.gates.resampled import Move, Resampler, Scale
from preceptor.gates.selftest import selftest
from preceptor.gates.types import Evidence, JudgeEvidence

UNIT = Scale(0.0, 1.0)


def policy(text):
    return load_policy(parse_document(f"criteria: [{text}]", "gate.yaml"))


def evidence(baseline, candidate, cluster_size=1):
    def rows(scores):
        return [
            ScoreRow(id=str(n), score=float(score), cluster=None if cluster_size == 1 else str(n // cluster_size))
            for n, score in enumerate(scores)
        ]

    return Evidence(baseline={"m": rows(baseline)}, candidate={"m": rows(candidate)}, primary="m")


def two_runs(n, rng):
    """Yes/no scores of one rate; one case in ten differs between the runs."""
    before = rng.random(n) < 0.8
    return evidence(before, before ^ (rng.random(n) < 0.1))


def difference(drawn):
    return np.mean([row.score for row in drawn.candidate["m"]]) - np.mean([row.score for row in drawn.baseline["m"]])


def test_pairs_have_the_difference_that_they_should():
    """The mean over 300 pairs, within four standard errors, though the real runs differ by 30 points."""
    rng = np.random.default_rng(1)
    resampler = Resampler.of(evidence([1] * 80 + [0] * 20, [1] * 50 + [0] * 50))
    for change in (0.0, -0.05, 0.1):
        found = [difference(resampler.draw(rng, Move("m", change, UNIT))) for _ in range(300)]
        assert np.mean(found) == pytest.approx(change, abs=4 * np.std(found) / 300**0.5)


def test_graded_scores_move_by_the_margin_too():
    rng = np.random.default_rng(2)
    scores = rng.random(200)
    resampler = Resampler.of(evidence(scores, scores))
    found = [difference(resampler.draw(rng, Move("m", -0.05, UNIT))) for _ in range(300)]
    assert np.mean(found) == pytest.approx(-0.05, abs=4 * np.std(found) / 300**0.5)


def test_clusters_stay_together_and_copies_are_new_clusters():
    resampler = Resampler.of(evidence([1] * 40, [1] * 40, cluster_size=4))
    drawn = resampler.draw(np.random.default_rng(3))
    sizes = np.unique([row.cluster for row in drawn.baseline["m"]], return_counts=True)[1]
    assert sizes.tolist() == [4] * 10
    assert len({row.id for row in drawn.baseline["m"]}) == 40


def test_human_labels_follow_their_cases():
    given = evidence([1, 0], [0, 1])
    judge = JudgeEvidence(identity="j", baseline_labels={"0": 1.0}, candidate_labels={"0": 0.0})
    resampler = Resampler.of(
        Evidence(baseline=given.baseline, candidate=given.candidate, primary="m", judges={"m": judge})
    )
    for seed in range(10):
        drawn = resampler.draw(np.random.default_rng(seed))
        by_id = {row.id: row.score for row in drawn.candidate["m"]}
        assert all(by_id[case] == label for case, label in drawn.judges["m"].candidate_labels.items())


def test_false_alarms_and_false_gos_are_rare():
    """The gate's promise, observed: at most 2.5 % of each, within three standard errors of 40 pairs."""
    rng = np.random.default_rng(4)
    report = selftest(two_runs(120, rng), policy("{kind: non_inferiority, margin: 0.15}"), rng, 40)
    found = report.criteria[0]
    bound = 0.025 + 3 * (0.025 * 0.975 / 40) ** 0.5
    assert found.no_difference.failed.value <= bound
    assert found.at_bar.passed.value <= bound
    assert found.no_difference.passed.value > 0.5
    assert report.policy.at_bar.passed.value == found.at_bar.passed.value
    assert report.num_units == 120


def test_the_three_rates_are_of_all_pairs_and_have_intervals():
    rng = np.random.default_rng(5)
    report = selftest(two_runs(50, rng), policy("{kind: superiority}"), rng, 20)
    rates = report.criteria[0].no_difference
    assert sum(rate.times for rate in rates) == 20
    assert all(rate.interval.low <= rate.value <= rate.interval.high and rate.n == 20 for rate in rates)


def test_a_threshold_is_tried_at_its_minimum():
    rng = np.random.default_rng(6)
    report = selftest(two_runs(200, rng), policy("{kind: threshold, minimum: 0.7}"), rng, 100)
    assert report.criteria[0].at_bar.passed.value <= 0.025 + 3 * (0.025 * 0.975 / 100) ** 0.5


def test_a_criterion_without_a_bar_says_so():
    rng = np.random.default_rng(7)
    report = selftest(
        two_runs(60, rng), policy("{kind: coverage, minimum: 0.9}, {kind: non_inferiority, margin: 0.9}"), rng, 5
    )
    assert [found.at_bar for found in report.criteria] == [None, None]
    assert "no bar" in report.criteria[0].reason
    assert "no room" in report.criteria[1].reason
    assert report.policy.at_bar is None


def test_one_run_on_both_sides_is_named_as_such():
    given = evidence([1] * 90 + [0] * 10, [1] * 90 + [0] * 10)
    report = selftest(given, policy("{kind: non_inferiority, margin: 0.05}"), np.random.default_rng(8), 10)
    assert "one run" in report.assumptions[0]


def test_the_same_seed_gives_the_same_report_and_progress_is_told():
    told = []
    given = two_runs(40, np.random.default_rng(9))
    rules = policy("{kind: non_inferiority, margin: 0.05}")
    first = selftest(given, rules, np.random.default_rng(1), 5, progress=lambda *seen: told.append(seen))
    assert first == selftest(given, rules, np.random.default_rng(1), 5)
    assert told == [(done, 10) for done in range(1, 11)]


def test_no_scores_or_no_pairs_are_errors():
    rules = policy("{kind: non_inferiority, margin: 0.05}")
    with pytest.raises(InputError, match="no scores"):
        selftest(Evidence(baseline={}, candidate={}, primary="m"), rules, np.random.default_rng(0))
    with pytest.raises(InputError, match="num_replicates"):
        selftest(evidence([1], [1]), rules, np.random.default_rng(0), 0)
