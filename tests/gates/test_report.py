"""The report puts first what a release manager must see first, and hides nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.gates.report import headline, readiness_report
from preceptor.gates.types import CriterionResult, Verdict


def _criterion(verdict, required_n=None, n=100, kind="non_inferiority"):
    return CriterionResult(
        kind=kind, verdict=verdict, value=0.0, interval=None, n=n, required_n=required_n, reason="", metric="valid"
    )


def _verdict(verdict, *criteria):
    return Verdict(verdict=verdict, criteria=criteria, policy_hash="a" * 64)


def test_failed_criteria_come_before_undecided_before_passed(report_evidence):
    criteria = (_criterion("pass"), _criterion("inconclusive"), _criterion("fail"))
    verdict = replace(report_evidence.verdict, criteria=criteria)
    report = readiness_report(replace(report_evidence, verdict=verdict))
    assert [result.verdict for result in report.criteria] == ["fail", "inconclusive", "pass"]


def test_a_pass_says_how_many_criteria_passed():
    assert headline(_verdict("pass", _criterion("pass"), _criterion("pass"))).why == "All 2 criteria pass."


def test_a_fail_names_the_criterion():
    why = headline(_verdict("fail", _criterion("fail"), _criterion("pass"))).why
    assert why == "1 of 2 criteria failed: non inferiority on valid."


def test_the_reason_of_a_lone_deciding_criterion_is_told():
    result = replace(_criterion("fail"), reason="the loss is at least 0.031")
    why = headline(_verdict("fail", result, _criterion("pass"))).why
    assert why == "1 of 2 criteria failed: non inferiority on valid: the loss is at least 0.031."


def test_a_verdict_without_criteria_gives_its_own_reason():
    verdict = replace(_verdict("inconclusive"), reason="the policy has no criteria")
    assert headline(verdict).why == "the policy has no criteria"


def test_an_inconclusive_verdict_names_the_largest_n_needed():
    found = headline(
        _verdict("inconclusive", _criterion("inconclusive", 183), _criterion("inconclusive", 1200, n=120))
    ).needed
    assert found == "A pass takes about 1,200 cases if they go like these; there are 120."


@pytest.mark.parametrize("required_n", [None, 80], ids=["unknown", "not-a-matter-of-n"])
def test_it_is_said_when_more_cases_may_not_help(required_n):
    """A needed n that is already reached would settle nothing: something else is missing."""
    needed = headline(_verdict("inconclusive", _criterion("inconclusive", required_n))).needed
    assert needed.startswith("More such cases may not settle it")


def test_the_number_of_criteria_that_more_cases_may_not_settle_is_told():
    needed = headline(_verdict("inconclusive", _criterion("inconclusive", 183), _criterion("inconclusive"))).needed
    assert needed.endswith("Criteria that more such cases may not settle: 1.")


def test_the_primary_metric_leads(report_evidence):
    report = readiness_report(report_evidence)
    assert [row.name for row in report.metrics] == ["valid", "polite"]


def test_the_margin_of_the_policy_reaches_the_metric_that_it_is_about(report_evidence):
    report = readiness_report(report_evidence)
    assert [row.margin for row in report.metrics] == [0.02, None]


def test_the_worst_slice_leads(report_evidence):
    rows = readiness_report(report_evidence).slices[0].rows
    assert rows[0].name == "intent=unsafe"
    assert [row.difference for row in rows] == sorted(row.difference for row in rows)


def test_cases_without_a_record_are_counted_as_no_result(report_evidence):
    """120 cases, 115 complete, 3 model errors: 2 left no record."""
    candidate = readiness_report(report_evidence).coverage[1]
    assert candidate.side == "candidate"
    assert candidate.counts["no result"] == 2
    assert sum(candidate.counts.values()) == 120


def test_a_status_that_is_not_known_is_still_counted(report_evidence):
    odd = replace(report_evidence.candidate, coverage={"ok": 119, "paused": 1})
    candidate = readiness_report(replace(report_evidence, candidate=odd)).coverage[1]
    assert candidate.counts["paused"] == 1


def test_hashes_of_policy_suite_targets_and_dataset_are_there(report_evidence):
    found = {print_.name: print_.hash for print_ in readiness_report(report_evidence).fingerprints}
    assert found == {
        "gate policy": "a" * 64,
        "suite cases": "1" * 64,
        "suite graders": "2" * 64,
        "candidate target": "c" * 64,
        "baseline target": "b" * 64,
        "dataset version": "dataset_1",
    }


def test_limits_of_the_dataset_join_those_of_the_release(report_evidence):
    assert readiness_report(report_evidence).limitations[-1] == "only English"


def test_a_verdict_alone_makes_a_report(bare_evidence):
    report = readiness_report(bare_evidence)
    assert report.title == "Release readiness"
    assert (report.metrics, report.slices, report.coverage, report.samples) == ((), (), (), None)
    assert report.why_missing("labels") == "nobody has labelled yet"
    assert report.why_missing("dataset") == "it was not part of the evidence for this report"
