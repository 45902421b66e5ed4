from datetime import UTC, datetime, timedelta

import pytest

from preceptor.core.errors import InputError
from preceptor.gates.criteria.judge_agreement import JudgeAgreement
from preceptor.gates.types import Evidence, JudgeEvidence, JudgeRules
from preceptor.stats.types import Interval

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def judge(kappa, low, high, labels=100, criterion=None, age=0):
    record = JudgeEvidence(
        identity="j",
        num_labels=labels,
        agreement=kappa,
        agreement_interval=Interval(low, high),
        calibrated_at=NOW - timedelta(days=age),
    )
    evidence = Evidence(
        baseline={},
        candidate={},
        primary="m",
        judges={"m": record},
        as_of=NOW,
        judge_rules=JudgeRules(max_age_days=30),
    )
    return (criterion or JudgeAgreement(minimum=0.6)).judge(evidence)


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.6, 0.9, "pass"), (0.59, 0.9, "inconclusive"), (0.3, 0.6, "inconclusive")]
)
def test_the_whole_interval_must_reach_the_minimum(low, high, verdict):
    assert judge((low + high) / 2, low, high).verdict == verdict


def test_an_interval_below_the_minimum_fails():
    assert judge(0.45, 0.3, 0.59).verdict == "fail"


def test_the_required_n_follows_the_root_of_n():
    """Kappa .8 with a reach of .3 down at 100 labels: .2 is wanted, so 1.5 squared times as many, 225."""
    result = judge(0.8, 0.5, 0.95)
    assert (result.verdict, result.required_n, result.n) == ("inconclusive", 225, 100)


def test_too_few_labels_are_inconclusive_however_good():
    result = judge(0.9, 0.8, 1.0, labels=49)
    assert (result.verdict, result.required_n) == ("inconclusive", 50)


def test_a_calibration_older_than_the_policy_allows_is_inconclusive():
    assert judge(0.9, 0.8, 1.0, age=30).verdict == "pass"
    result = judge(0.9, 0.8, 1.0, age=31)
    assert result.verdict == "inconclusive"
    assert "31 days old; the policy allows 30" in result.reason


@pytest.mark.parametrize("judges", [{}, {"m": JudgeEvidence(identity="j")}])
def test_without_a_record_it_is_inconclusive(judges):
    result = JudgeAgreement().judge(Evidence(baseline={}, candidate={}, primary="m", judges=judges))
    assert (result.verdict, result.n) == ("inconclusive", 0)


def test_a_floor_that_cannot_be_meant_is_refused():
    with pytest.raises(InputError, match="minimum"):
        JudgeAgreement(minimum=1.0)
