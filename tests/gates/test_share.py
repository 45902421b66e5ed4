from datetime import UTC, datetime

import pytest

from preceptor.evals.types import ScoreRow
from preceptor.gates.share import Bounds, required_n, share_of, share_where, within
from preceptor.gates.types import Evidence, JudgeEvidence, JudgeRules

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def rows(scores, **fields):
    return [ScoreRow(id=str(case), score=score, **fields) for case, score in enumerate(scores)]


def is_right(score):
    return score >= 0.5


def judged(scores, labels, correction="ppi"):
    judge = JudgeEvidence(identity="j", num_labels=80, calibrated_at=NOW, candidate_labels=labels)
    evidence = Evidence(
        baseline={},
        candidate={"m": rows(scores)},
        primary="m",
        judges={"m": judge},
        as_of=NOW,
        judge_rules=JudgeRules(correction=correction),
    )
    return share_of(evidence, "m", is_right, 0.95)


def test_cases_without_a_score_are_counted_and_in_no_share():
    evidence = Evidence(
        baseline={"m": [ScoreRow(id="9", score=1.0)]}, candidate={"m": rows([1.0, 0.0, None])}, primary="m"
    )
    share = share_of(evidence, "m", is_right, 0.95)
    assert (share.reached, share.missed, share.unscored) == (("0",), ("1",), ("9", "2"))
    assert (share.value, share.n) == (0.5, 2)


def test_nothing_scored_has_no_share():
    share = share_where(rows([None]), is_right, 0.95)
    assert (share.value, share.interval, within(share, Bounds(0.0, 1.0))) == (None, None, "inconclusive")


def test_shared_clusters_widen_the_interval():
    """Ten clusters of ten equal cases are ten units: 1 - .025^(1/10) = .308 may be unseen."""
    clustered = [ScoreRow(id=str(case), score=1.0, cluster=str(case // 10)) for case in range(100)]
    share = share_where(clustered, is_right, 0.95)
    assert share.interval.low == pytest.approx(0.025 ** (1 / 10))
    assert share.method == "bounded mean of clusters (Gaffke)"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.84, 1.0, "pass"), (0.84, 0.94, "pass"), (0.9, 1.0, "inconclusive"), (0.94, 1.0, "fail"), (0.0, 0.84, "fail")],
)
def test_the_whole_interval_must_be_as_wanted(low, high, verdict):
    """180 of 200 has the exact interval .8498 to .9378 (Clopper-Pearson)."""
    share = share_where(rows([1.0] * 180 + [0.0] * 20), is_right, 0.95)
    assert share.interval == pytest.approx((0.8498, 0.9378), abs=5e-5)
    assert within(share, Bounds(low, high)) == verdict


def test_an_upper_bound_takes_as_many_cases_as_a_lower_one():
    right, wrong = share_where(rows([1.0] * 20), is_right, 0.95), share_where(rows([0.0] * 20), is_right, 0.95)
    assert required_n(right, Bounds(0.9, 1.0), 0.95) == required_n(wrong, Bounds(0.0, 0.1), 0.95) == 36
    assert required_n(right, Bounds(0.0, 0.1), 0.95) is None


def test_what_people_say_of_every_case_replaces_the_judge():
    share = judged([1.0] * 100, {str(case): float(case < 50) for case in range(100)})
    assert share.value == 0.5
    assert "human labels of every case" in share.method


def test_some_labels_correct_the_judge():
    """The judge passes all; people pass 30 of the 40 that they see: the corrected share is theirs, .75."""
    share = judged([1.0] * 400, {str(case): float(case % 4 > 0) for case in range(40)})
    assert share.value == pytest.approx(0.75)
    assert share.interval.low < 0.65
    assert share.method == "ppi++"


def test_too_few_labels_leave_no_interval():
    share = judged([1.0] * 400, {"0": 1.0})
    assert share.interval is None
    assert "label 19 more" in share.reason


def test_a_policy_may_take_the_judge_at_its_word():
    share = judged([1.0] * 400, {}, correction="none")
    assert share.interval.low == pytest.approx(0.025 ** (1 / 400))
    assert share.method == "Clopper-Pearson, judge not corrected"
