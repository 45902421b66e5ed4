from datetime import UTC, datetime

import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.must_pass import MustPass
from preceptor.gates.types import Evidence, JudgeEvidence

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def row(id_, score, *tags):
    return ScoreRow(id=id_, score=score, tags=tags)


def judge(rows, baseline=(), criterion=None, **evidence):
    given = Evidence(baseline={"m": list(baseline)}, candidate={"m": rows}, primary="m", **evidence)
    return (criterion or MustPass()).judge(given)


def test_one_lost_case_fails_and_is_named():
    rows = [row("a", 1.0, "must_pass"), row("b", 0.0, "must_pass"), row("c", 0.0)]
    result = judge(rows)
    assert (result.verdict, result.value, result.n, result.cases) == ("fail", 0.5, 2, ("b",))


def test_all_tagged_cases_pass_whatever_the_others_do():
    result = judge([row("a", 1.0, "must_pass"), row("c", 0.0)])
    assert (result.verdict, result.value, result.n, result.cases) == ("pass", 1.0, 1, ())


def test_a_case_without_a_score_is_inconclusive_and_named():
    result = judge([row("a", 1.0, "must_pass"), row("b", None, "must_pass")])
    assert (result.verdict, result.cases) == ("inconclusive", ("b",))


def test_a_lost_case_fails_even_beside_one_without_a_score():
    assert judge([row("a", 0.0, "must_pass"), row("b", None, "must_pass")]).verdict == "fail"


def test_a_case_that_only_the_baseline_has_is_not_passed():
    """Leaving the hard case out is no way to pass it."""
    result = judge([row("a", 1.0, "must_pass")], baseline=[row("a", 1.0), row("hard", 1.0, "must_pass")])
    assert (result.verdict, result.cases) == ("inconclusive", ("hard",))


def test_a_tag_on_either_side_is_enough():
    result = judge([row("a", 0.0)], baseline=[row("a", 1.0, "must_pass")])
    assert result.verdict == "fail"


def test_a_suite_that_marks_no_case_is_inconclusive():
    assert judge([row("a", 1.0)]).verdict == "inconclusive"


def test_tag_and_threshold_can_be_chosen():
    rows = [row("a", 0.7, "legal"), row("b", 0.0, "must_pass")]
    assert judge(rows, criterion=MustPass(tag="legal", threshold=0.7)).verdict == "pass"
    assert judge(rows, criterion=MustPass(tag="legal", threshold=0.71)).verdict == "fail"


def test_what_a_judge_scored_counts_only_with_its_calibration():
    rows = [row("a", 1.0, "must_pass")]
    assert judge(rows, judges={"m": JudgeEvidence(identity="j")}, as_of=NOW).verdict == "inconclusive"
    calibrated = JudgeEvidence(identity="j", num_labels=80, calibrated_at=NOW)
    assert judge(rows, judges={"m": calibrated}, as_of=NOW).verdict == "pass"


def test_peoples_word_counts_before_the_judges():
    judged = JudgeEvidence(identity="j", num_labels=80, calibrated_at=NOW, candidate_labels={"a": 0.0})
    assert judge([row("a", 1.0, "must_pass")], judges={"m": judged}, as_of=NOW).verdict == "fail"


def test_an_empty_tag_is_refused():
    with pytest.raises(InputError, match="tag is ''"):
        MustPass(tag="")
