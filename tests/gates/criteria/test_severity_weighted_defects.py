from datetime import UTC, datetime

import pytest

from preceptor.core.errors import InputError
from preceptor.evals.types import ScoreRow
from preceptor.gates.criteria.severity_weighted_defects import SeverityWeightedDefects
from preceptor.gates.types import Evidence, JudgeEvidence

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ONE = SeverityWeightedDefects(margin=1.0)


def case(id_, severity, before, after):
    slices = (f"severity={severity}",) if severity else ()
    return ScoreRow(id=id_, score=before, slices=slices), ScoreRow(id=id_, score=after, slices=slices)


def judge(cases, criterion=ONE, **evidence):
    given = Evidence(
        baseline={"m": [before for before, _ in cases if before]},
        candidate={"m": [after for _, after in cases if after]},
        primary="m",
        **evidence,
    )
    return criterion.judge(given)


def same(severity, n, score=1.0, prefix=""):
    return [case(f"{prefix}{severity}{number}", severity, score, score) for number in range(n)]


@pytest.mark.parametrize(("n", "verdict"), [(367, "inconclusive"), (368, "pass")])
def test_what_so_few_cases_cannot_rule_out_counts_at_the_heaviest_weight(n, verdict):
    """No change: the unseen share is 1 - .025^(1/n), times 100: 1.0001 of 367, .9974 of 368."""
    result = judge([*same("P0", 1), *same("P3", n - 1)])
    assert (result.verdict, result.value, result.n, result.required_n) == (verdict, 0.0, n, 368)


def test_only_severities_that_occur_can_be_unseen():
    """The heaviest case weighs 10, so 1 is shown by 36 cases: .9^36 = .0225."""
    assert judge(same("P1", 36)).verdict == "pass"
    assert judge(same("P1", 35)).verdict == "inconclusive"


def test_one_new_p0_outweighs_any_number_of_minor_gains():
    gains = [case(f"gain{number}", "P3", 0.0, 1.0) for number in range(900)]
    result = judge([*gains, *same("P0", 50), case("lost", "P0", 1.0, 0.0)])
    assert result.verdict == "fail"
    assert result.reason == "new P0 defects of the candidate: 1 ('lost')"
    assert (result.slices[0].name, result.slices[0].verdict, result.slices[0].n) == ("severity=P0", "fail", 51)


def test_a_p0_that_failed_before_is_not_new_but_is_one():
    cases = [*same("P0", 400), case("old", "P0", 0.0, 0.0)]
    assert judge(cases).verdict == "pass"
    assert judge(cases, SeverityWeightedDefects(margin=1.0, forbid="any")).verdict == "fail"


def test_a_failed_p0_without_a_baseline_score_counts_as_new():
    """Nothing shows that it failed before."""
    assert judge([*same("P0", 400), case("x", "P0", None, 0.0)]).verdict == "fail"


def test_a_p0_without_a_candidate_score_never_passes():
    cases = [*same("P0", 400), case("x", "P0", 1.0, None)]
    result = judge(cases, SeverityWeightedDefects(margin=1.0, allow_unpaired=True))
    assert result.verdict == "inconclusive"
    assert "P0 cases without a candidate score: 1 ('x')" in result.reason


def test_unpaired_minor_cases_keep_it_from_passing_unless_allowed():
    cases = [*same("P3", 100), case("x", "P3", 1.0, None)]
    assert judge(cases).verdict == "inconclusive"
    assert judge(cases, SeverityWeightedDefects(margin=1.0, allow_unpaired=True)).verdict == "pass"


def test_many_new_defects_of_weight_fail_by_the_margin():
    """Half of 100 P1 cases are lost: five weighted defects a case."""
    lost = [case(f"lost{number}", "P1", 1.0, 0.0) for number in range(50)]
    result = judge([*same("P1", 50), *lost])
    assert (result.verdict, result.value) == ("fail", 5.0)
    assert result.interval.low > 1.0


def test_a_case_without_a_severity_weighs_what_the_policy_says():
    lost = [case(f"lost{number}", "", 1.0, 0.0) for number in range(30)]
    cases = [*same("P3", 70), *lost]
    assert judge(cases, SeverityWeightedDefects(margin=1.0, no_severity=2.0)).value == pytest.approx(0.6)


def test_scores_below_the_threshold_are_defects():
    cases = [case("a", "P0", 0.8, 0.6), *same("P3", 5)]
    assert judge(cases, SeverityWeightedDefects(margin=1.0, threshold=0.7)).verdict == "fail"
    assert judge(cases).slices[0].verdict == "pass"


def test_without_severities_nothing_can_be_weighed():
    assert judge(same("", 400)).verdict == "inconclusive"


def test_a_severity_without_a_weight_is_inconclusive_and_named():
    result = judge([*same("P0", 5), *same("blocker", 1)])
    assert result.verdict == "inconclusive"
    assert "no weight of 'blocker'" in result.reason


def test_the_heaviest_of_several_severities_counts():
    rows = ScoreRow(id="a", score=1.0, slices=("severity=P3", "severity=P0")), ScoreRow(id="a", score=0.0)
    assert judge([rows]).verdict == "fail"


def test_a_judge_decides_only_with_its_calibration_and_peoples_word_goes_first():
    cases = [*same("P0", 20), *same("P3", 380)]
    assert judge(cases, judges={"m": JudgeEvidence(identity="j")}, as_of=NOW).verdict == "inconclusive"
    labels = {row.id: 1.0 for row, _ in cases}
    people = JudgeEvidence(
        identity="j",
        num_labels=400,
        calibrated_at=NOW,
        baseline_labels=labels,
        candidate_labels={**labels, "P00": 0.0},
    )
    assert judge(cases, judges={"m": people}, as_of=NOW).verdict == "fail"


@pytest.mark.parametrize(
    "settings",
    [
        {"margin": 0.0},
        {"margin": 1.0, "weights": {}},
        {"margin": 1.0, "weights": {"P0": -1.0}},
        {"margin": 1.0, "weights": {"P0": 0.0}},
        {"margin": 1.0, "forbidden": ("S1",)},
        {"margin": 1.0, "no_severity": -1.0},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(InputError):
        SeverityWeightedDefects(**settings)
