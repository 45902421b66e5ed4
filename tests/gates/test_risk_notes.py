"""What weakens the evidence is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.gates.report import readiness_report
from preceptor.governance.types import AuditProblem, AuditReport


@pytest.mark.parametrize(
    "note",
    [
        "5 of 120 cases of the candidate gave no full result",
        "Cases with a baseline score and no candidate score on valid: 2",
        "No case could be compared on polite: every judgement failed.",
        "On valid, the candidate is worse than the baseline in: intent=unsafe.",
        "Labelled items left unresolved, for want of agreement: 8 of 120.",
        "The data check personal_data objects to 1 of 212 records.",
        "The data check eval_contamination did not run: no suite was given.",
        "one annotator wrote the prompts",
    ],
)
def test_a_weakness_of_the_evidence_is_a_risk(report_evidence, note):
    assert any(note in risk for risk in readiness_report(report_evidence).risks)


def test_a_broken_audit_log_is_a_risk(report_evidence):
    audit = AuditReport(num_entries=3, root="d" * 64, problems=(AuditProblem(sequence=2, problem="changed"),))
    risks = readiness_report(replace(report_evidence, audit=audit)).risks
    assert "The audit log does not verify; problems found: 1." in risks


def test_cases_on_one_side_only_are_a_risk(report_evidence):
    comparison = report_evidence.comparisons["valid"]
    alone = replace(comparison, unpaired=replace(comparison.unpaired, only_in_candidate=("x", "y")))
    risks = readiness_report(replace(report_evidence, comparisons={"valid": alone})).risks
    assert "Cases that only one side has, on valid: 2." in risks


def test_what_was_not_measured_is_a_risk(bare_evidence):
    (risk,) = readiness_report(bare_evidence).risks
    assert "baseline, candidate, comparisons, samples, failure modes, labels, dataset, audit" in risk
