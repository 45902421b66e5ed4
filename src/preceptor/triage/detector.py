"""What a detector is: it looks at one trace and its scores for one kind of failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.grading.types import MetricScore
from preceptor.traces.types import Trace
from preceptor.triage.types import Severity, check_name


@dataclass(frozen=True, kw_only=True)
class Detection:
    """A failure that a detector saw. `severity` None leaves it to the taxonomy's default for the category."""

    category: str
    evidence: JsonObject
    root_cause: str = "unknown"
    severity: Severity | None = None

    def __post_init__(self) -> None:
        """Refuse names that the database has no room for."""
        check_name(self.category)
        check_name(self.root_cause)


class Detector(Protocol):
    """A plugin that finds one kind of failure; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def detect(self, trace: Trace, scores: Mapping[str, MetricScore]) -> Detection | None:
        """The failure in this trace, or None. A score that is missing is not a failure."""
        ...


detectors: Registry[Detector] = Registry(kind="detector", folder="preceptor.triage.detectors")
