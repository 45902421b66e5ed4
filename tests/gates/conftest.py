"""Evidence of a made-up release, with hostile text wherever text can stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from preceptor.datasets.types import CheckFinding, CheckResult, DatasetNotes, DatasetVersion, Manifest
from preceptor.evals.types import Comparison, EvalRun, RunIdentity, SliceComparison, Unpaired
from preceptor.gates.report_types import (
    EvaluatedTarget,
    LabelEvidence,
    LineageStep,
    ReportEvidence,
    SampleDiff,
    SampleScore,
    VerdictView,
)
from preceptor.gates.types import CriterionResult, SliceResult, Verdict, Waiver
from preceptor.governance.types import AuditReport
from preceptor.qc.types import Agreement
from preceptor.stats.types import Interval
from preceptor.triage.types import FailureMode

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>\" | `code` **bold** [a](http://evil.example) @team #1"
)


def _run(name: str, target: str) -> EvalRun:
    return EvalRun(
        id=f"run_{name}",
        suite="support",
        target=f"{name} {HOSTILE}",
        identity=RunIdentity(cases="1" * 64, graders="2" * 64, target=target * 64),
        primary="valid",
        num_cases=120,
        started_at=MOMENT,
        finished_at=MOMENT,
    )


def _slice(name: str, difference: float, interval: Interval | None) -> SliceComparison:
    return SliceComparison(
        name=name,
        n=12,
        baseline_mean=0.5,
        candidate_mean=0.5 + difference,
        difference=difference,
        interval=interval,
        p_value=0.2,
        test="mcnemar_exact",
        reason="" if interval else "three pairs give no interval",
    )


def _comparison() -> Comparison:
    return Comparison(
        n=118,
        baseline_mean=0.4,
        candidate_mean=0.48,
        difference=0.08,
        interval=Interval(0.01, 0.15),
        confidence=0.95,
        p_value=0.03,
        test="mcnemar_exact",
        improved=14,
        regressed=5,
        unpaired=Unpaired(candidate_missing_score=("case_8", "case_9")),
        slices=(
            _slice(f"intent={HOSTILE}", 0.1, Interval(-0.1, 0.3)),
            _slice("intent=unsafe", -0.3, Interval(-0.5, -0.1)),
            _slice("intent=shipping", 0.2, None),
        ),
    )


def _not_paired() -> Comparison:
    return Comparison(
        n=0,
        baseline_mean=None,
        candidate_mean=None,
        difference=None,
        interval=None,
        confidence=0.95,
        p_value=None,
        test="none",
        improved=0,
        regressed=0,
        unpaired=Unpaired(),
        reason="every judgement failed",
    )


def _verdict() -> Verdict:
    non_inferiority = CriterionResult(
        kind="non_inferiority",
        verdict="pass",
        value=0.08,
        interval=Interval(0.01, 0.15),
        n=118,
        required_n=None,
        reason="the interval lies above -0.02",
        metric="valid",
        settings={"margin": 0.02, "confidence": 0.95},
    )
    threshold = CriterionResult(
        kind="threshold",
        verdict="inconclusive",
        value=None,
        interval=None,
        n=0,
        required_n=None,
        reason=f"no scores of the metric {HOSTILE}",
        metric="polite",
    )
    return Verdict(
        verdict="inconclusive",
        criteria=(non_inferiority, threshold),
        policy_hash="a" * 64,
        policy_name=f"release {HOSTILE}",
        id="verdict_1",
        decided_at=MOMENT,
    )


def sample(case_id: str, baseline: float | None, candidate: float | None) -> SampleDiff:
    """A case with one score a side."""
    return SampleDiff(
        case_id=case_id,
        input=f"question of {case_id} {HOSTILE}",
        baseline_output=f"old answer {HOSTILE}",
        candidate_output=None if candidate is None else f"new answer {HOSTILE}",
        candidate_error=f"timed out {HOSTILE}" if candidate is None else "",
        scores=(SampleScore(metric="valid", baseline=baseline, candidate=candidate, candidate_reason=HOSTILE),),
        slices=(f"intent={HOSTILE}",),
    )


def _dataset() -> DatasetVersion:
    finding = CheckFinding(record_id="r", reason=f"an address {HOSTILE}")
    checks = (
        CheckResult(check="schema", version=1, settings={}, num_checked=212, findings=()),
        CheckResult(check="personal_data", version=1, settings={}, num_checked=212, findings=(finding,)),
        CheckResult(
            check="eval_contamination", version=1, settings={}, num_checked=0, findings=(), reason="no suite was given"
        ),
    )
    manifest = Manifest(
        name=f"repair {HOSTILE}",
        num_records=212,
        splits={"train": 170, "test": 42},
        kinds={"sft": 212},
        files={},
        checks=checks,
        notes=DatasetNotes(limitations=("only English",)),
    )
    return DatasetVersion(
        id="dataset_1", name=manifest.name, manifest=manifest, folder="datasets/repair", created_at=MOMENT
    )


def _failure_mode() -> FailureMode:
    return FailureMode(
        category=f"invalid_json {HOSTILE}",
        severity="P1",
        num_traces=30,
        num_total=120,
        rate=0.25,
        interval=Interval(0.18, 0.34),
        confidence=0.95,
        root_causes={f"prompt {HOSTILE}": 30},
        trace_ids=(),
    )


@pytest.fixture
def report_evidence() -> ReportEvidence:
    """All parts of the evidence; the verdict is inconclusive, two cases regressed, one improved, one is lost."""
    agreement = Agreement(
        coefficient="krippendorff_alpha",
        value=0.71,
        interval=Interval(0.62, 0.79),
        confidence=0.95,
        num_items=120,
        num_annotators=3,
        num_answers=360,
    )
    return ReportEvidence(
        verdict=_verdict(),
        generated_at=MOMENT,
        baseline=EvaluatedTarget(run=_run("plain", "b"), coverage={"ok": 120}, model=HOSTILE),
        candidate=EvaluatedTarget(run=_run("repaired", "c"), coverage={"ok": 115, "model_error": 3}, model=HOSTILE),
        primary="valid",
        comparisons={"polite": _not_paired(), "valid": _comparison()},
        samples=(
            sample("case_up", 0.0, 1.0),
            sample("case_lost", 1.0, None),
            sample("case_down", 1.0, 0.0),
            sample("case_same", 1.0, 1.0),
            sample("case_a_little_down", 1.0, 0.5),
        ),
        failure_modes=(_failure_mode(),),
        labels=LabelEvidence(num_resolved=112, num_unresolved=8, agreement=agreement, rubric=HOSTILE),
        dataset=_dataset(),
        limitations=(f"a small model {HOSTILE}",),
        risk_notes=("one annotator wrote the prompts",),
        lineage=(
            LineageStep(kind="verdict", id="verdict_1", title=HOSTILE),
            LineageStep(kind="trace", id="trace_1", title="production", count=120),
        ),
        audit=AuditReport(num_entries=41, root="d" * 64),
    )


@pytest.fixture
def bare_evidence() -> ReportEvidence:
    """A verdict and nothing else."""
    verdict = replace(_verdict(), criteria=())
    return ReportEvidence(verdict=verdict, generated_at=MOMENT, reasons={"labels": "nobody has labelled yet"})


def slice_result(name: str, verdict: str, value: float) -> SliceResult:
    """One slice of ten cases."""
    return SliceResult(
        name=name,
        verdict=verdict,
        value=value,
        interval=Interval(value - 0.1, value + 0.1),
        n=10,
        required_n=90 if verdict == "inconclusive" else None,
        reason=f"what became of {name}",
        adjusted_p=0.004 if verdict == "fail" else None,
    )


def rule(name: str, verdict: str, **settings) -> CriterionResult:
    """A criterion of a policy with what it says."""
    known = {"value": -0.05, "interval": Interval(-0.1, 0.0), "n": 118, "required_n": None, "reason": f"why {name}"}
    return CriterionResult(kind="non_inferiority", verdict=verdict, name=name, metric="valid", **(known | settings))


@pytest.fixture
def verdict_view() -> VerdictView:
    """A NO-GO with each kind of criterion: failed by a slice, waived, advisory, not settled, passed."""
    waiver = Waiver(
        id="waiver_1",
        policy="release",
        criterion="latency",
        by=f"Ada {HOSTILE}",
        role="engineering",
        reason=f"the new region opens on Monday {HOSTILE}",
        until=datetime(2026, 12, 1, tzinfo=UTC),
        made_at=MOMENT,
    )
    slices = (
        slice_result("intent=billing", "pass", 0.1),
        slice_result(f"intent=refund {HOSTILE}", "fail", -0.4),
        slice_result("intent=tax", "inconclusive", -0.2),
    )
    criteria = (
        rule("quality", "pass"),
        rule("slices", "fail", slices=slices, cases=("case_down",)),
        rule("latency", "fail", waiver="waiver_1"),
        rule("politeness", "fail", tier="advisory"),
        rule(f"judge {HOSTILE}", "inconclusive", tier="supporting", required_n=1_200, value=None, interval=None),
    )
    verdict = Verdict(
        verdict="fail",
        criteria=criteria,
        policy_hash="a" * 64,
        policy_name=f"release {HOSTILE}",
        id="verdict_1",
        decided_at=MOMENT,
        notes=(f"the baseline is 45 days old {HOSTILE}", "the policy was changed after the run began"),
        waivers=(waiver,),
        sign_offs=("engineering", "product"),
    )
    samples = (
        sample("case_up", 0.0, 1.0),
        sample("case_down", 1.0, 0.0),
        sample("case_lost", 1.0, None),
        sample("case_same", 1.0, 1.0),
    )
    return VerdictView(
        verdict=verdict, baseline=f"plain {HOSTILE}", candidate="repaired", primary="valid", samples=samples
    )
