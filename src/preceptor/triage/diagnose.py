"""Say what failed in one trace: which category, how grave, for what reason, shown by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from preceptor.core.ids import content_id
from preceptor.core.registry import PluginIdentity
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection, Detector, detectors
from preceptor.triage.taxonomy import Taxonomy
from preceptor.triage.types import Category, Finding

UNKNOWN: Final = "unknown"


def diagnose(
    trace: Trace, scores: Mapping[str, MetricScore], looking: Sequence[Detector], taxonomy: Taxonomy
) -> list[Finding]:
    """What the detectors find in a trace, in their order; the same finding always has the same id.

    The severity is the detection's own, or else the category's in the taxonomy, or else unknown.
    A root cause that the category does not list is unknown too, with the detector's word kept
    in the evidence; a category that lists none takes every cause.
    """
    findings = []
    for detector in looking:
        detection = detector.detect(trace, scores)
        if detection is not None:
            category = taxonomy.categories.get(detection.category)
            findings.append(_finding(trace, detection, category, detectors.identify(detector)))
    return findings


def _finding(trace: Trace, detection: Detection, category: Category | None, detector: PluginIdentity) -> Finding:
    root_cause, evidence = detection.root_cause, detection.evidence
    if category is not None and category.root_causes and root_cause not in {UNKNOWN, *category.root_causes}:
        evidence = {**evidence, "unlisted_root_cause": root_cause}
        root_cause = UNKNOWN
    return Finding(
        id=content_id("finding", [trace.id, detection.category, detector.hash]),
        trace_id=trace.id,
        category=detection.category,
        severity=detection.severity or (category.severity if category else UNKNOWN),
        root_cause=root_cause,
        evidence=evidence,
        detector=detector,
    )
