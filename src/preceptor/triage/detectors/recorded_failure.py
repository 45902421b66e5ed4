"""A score that came with the trace is below its bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.detector import Detection
from preceptor.triage.evidence import quote
from preceptor.triage.types import Severity


@dataclass(frozen=True, kw_only=True)
class RecordedFailure:
    """A recorded score (a reward, a user's vote) below `below`; one that was not recorded is no failure.

    >>> trace = Trace(id="trace_1", source="jsonl", messages=(), output="Done", recorded_scores={"reward": 0.0})
    >>> RecordedFailure(score="reward").detect(trace, {}).evidence["value"]
    0.0
    """

    version: ClassVar[int] = 1

    score: str
    below: float = 1.0
    category: str = "recorded_failure"
    severity: Severity | None = None

    def __post_init__(self) -> None:
        """Refuse names that are empty."""
        if not self.score or not self.category:
            raise InputError("`score` and `category` must not be empty")

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:  # noqa: ARG002 - the record alone shows it
        """The low score, quoting the answer."""
        value = trace.recorded_scores.get(self.score)
        if value is None or value >= self.below:
            return None
        return Detection(
            category=self.category,
            evidence={"score": self.score, "value": value, "below": self.below, "output": quote(trace.output)},
            severity=self.severity,
        )
