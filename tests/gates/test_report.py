"""The report puts first what a release manager must see first, and hides nothing."""

from __future__ import annotations

from dataclasses import replace

from preceptor.gates.report import readiness_report
from preceptor.gates.types import CriterionResult


def _criterion(verdict, required_n=None, n=100, kind="non_inferiority"):
    return CriterionResult(
        kind=kind, verdict=verdict, value=0.0, interval=None, n=n, required_n=required_n, reason="", metric="valid"
    )


def test_failed_criteria_come_before_undecided_before_passed(report_evidence):
    criteria = (_criterion("pass"), _criterion("inconclusive"), _criterion("fail"))
    verdict = replace(report_evidence.verdict, criteria=criteria)
    report = readiness_report(replace(report_evidence, verdict=verdict))
    assert [result.verdict for result in report.criteria] == ["fail", "inconclusive", "pass"]


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


def test_cost_and_latency_have_their_own_table(report_evidence):
    """Less is better there, so they must not stand among the metrics, nor count as a risk."""
    latency = replace(report_evidence.comparisons["valid"], difference=0.3)
    comparisons = {**report_evidence.comparisons, "run.latency_seconds": latency, "run.cost": latency}
    report = readiness_report(replace(report_evidence, comparisons=comparisons))
    assert [row.name for row in report.costs] == ["run.latency_seconds", "run.cost"]
    assert [row.name for row in report.metrics] == ["valid", "polite"]
    assert not [note for note in report.risks if "run." in note]


def test_waivers_sign_offs_and_release_are_part_of_the_report(report_evidence, verdict_view):
    report = readiness_report(replace(report_evidence, verdict=verdict_view.verdict))
    assert [row.waiver.id for row in report.waivers] == ["waiver_1"]
    assert [row.role for row in report.signatures] == ["engineering", "product"]
    assert report.release == "Not released: it is NO-GO, and only a GO can be approved."
