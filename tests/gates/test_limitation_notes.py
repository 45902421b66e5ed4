"""The report says what its evidence cannot show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from preceptor.gates.limitation_notes import limitation_notes
from preceptor.gates.types import JudgeEvidence
from preceptor.stats.types import Interval


def _notes(evidence, **changes):
    return " ".join(limitation_notes(replace(evidence, **changes)))


def test_how_sure_the_difference_is(report_evidence):
    """The interval [0.01, 0.15] is 0.14 wide: half of that on either side."""
    assert "With 118 compared cases, the difference on valid is known to about ±0.070" in _notes(report_evidence)


def test_small_slices_are_named(report_evidence):
    assert "Slices with fewer than 30 compared cases" in _notes(report_evidence)
    assert "intent=shipping" in _notes(report_evidence)


def test_a_comparison_without_slices_or_interval_says_so(report_evidence):
    few = replace(report_evidence.comparisons["valid"], n=12, slices=(), interval=None)
    notes = _notes(report_evidence, comparisons={"valid": few})
    assert "Only 12 cases could be compared on valid" in notes
    assert "No slices were compared" in notes


def test_one_epoch_is_a_limit_and_several_are_none(report_evidence):
    assert "asked once" in _notes(report_evidence, num_epochs=1)
    assert "asked once" not in _notes(report_evidence, num_epochs=3)
    assert "asked once" not in _notes(report_evidence)


def test_a_judge_without_and_with_a_calibration(report_evidence):
    known = JudgeEvidence(
        identity="j",
        num_labels=80,
        agreement=0.61,
        agreement_interval=Interval(0.45, 0.77),
        calibrated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    notes = _notes(report_evidence, judges={"polite": JudgeEvidence(identity="j"), "helpful": known})
    assert "The judge behind polite has not been compared with human labels" in notes
    assert "its kappa with people is 0.610 [0.450, 0.770], on 80 labels" in notes


def test_a_verdict_alone_has_no_such_notes(bare_evidence):
    assert limitation_notes(bare_evidence) == ()
