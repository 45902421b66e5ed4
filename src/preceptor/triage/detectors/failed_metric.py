"""A metric fell below its bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.evidence import quote
from preceptor.triage.json_shape import look_at_json
from preceptor.triage.types import Severity


@dataclass(frozen=True, kw_only=True)
class FailedMetric:
    """A score of `metric` below `below`; a score that is missing is no failure.

    The root cause is the first entry of `root_causes` whose text stands in the score's reason
    (capital letters do not matter). With `expects: json` it is otherwise read off the shape of
    the output: `token_limit`, `format_not_followed`, `schema_not_followed`. Else it is unknown.

    >>> from preceptor.core.registry import PluginIdentity
    >>> grader = PluginIdentity(kind="grader", name="json_schema", version=1, settings={})
    >>> score = MetricScore(metric="valid_json", value=0.0, reason="not JSON", grader=grader)
    >>> trace = Trace(id="trace_1", source="jsonl", messages=(), output="Sure! {}")
    >>> detector = FailedMetric(metric="valid_json", category="invalid_json", expects="json")
    >>> detector.detect(trace, {"valid_json": score}).root_cause
    'format_not_followed'
    """

    version: ClassVar[int] = 1

    metric: str
    category: str
    below: float = 1.0
    severity: Severity | None = None
    root_causes: dict[str, str] = field(default_factory=dict)
    expects: Literal["text", "json"] = "text"

    def __post_init__(self) -> None:
        """Refuse names that are empty."""
        if not self.metric or not self.category:
            raise InputError("`metric` and `category` must not be empty")

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:
        """The failure, quoting the output and the grader's reason."""
        score = scores.get(self.metric)
        if score is None or score.value is None or score.value >= self.below:
            return None
        evidence: JsonObject = {"metric": self.metric, "value": score.value, "reason": score.reason[:500]}
        root_cause, start, end = "unknown", 0, len(trace.output)
        if self.expects == "json":
            root_cause, start, end = look_at_json(trace.output, trace.finish_reason)
        return Detection(
            category=self.category,
            evidence={**evidence, "output": quote(trace.output, start, end)},
            root_cause=self._from_reason(score.reason) or root_cause,
            severity=self.severity,
        )

    def _from_reason(self, reason: str) -> str | None:
        lowered = reason.lower()
        return next((cause for text, cause in self.root_causes.items() if text.lower() in lowered), None)
