"""What a gate needs to know of the judge behind a metric, from its record and the labels of both runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from preceptor.gates.types import JudgeEvidence
from preceptor.judges.merge_labels import labels_by_case
from preceptor.judges.types import Calibration, HumanLabel


def judge_evidence(
    identity: str,
    calibration: Calibration | None,
    baseline_labels: Sequence[HumanLabel] = (),
    candidate_labels: Sequence[HumanLabel] = (),
) -> JudgeEvidence:
    """The evidence; a record of another judge counts as none.

    >>> judge_evidence("ab12", None, [HumanLabel(case_id="q1", value=1.0)]).baseline_labels
    {'q1': 1.0}
    """
    evidence = JudgeEvidence(
        identity=identity,
        baseline_labels=labels_by_case(baseline_labels),
        candidate_labels=labels_by_case(candidate_labels),
    )
    if calibration is None or calibration.judge != identity:
        return evidence
    return replace(
        evidence,
        num_labels=calibration.num_labels,
        agreement=calibration.agreement.value,
        agreement_interval=calibration.agreement.interval,
        calibrated_at=calibration.made_at,
    )
