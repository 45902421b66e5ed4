"""What triage finds: a failure in one trace, and failure modes over many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import PluginIdentity
from preceptor.stats.types import Interval

Severity = Literal["P0", "P1", "P2", "P3", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One failure in one trace. What is not known says so: `unknown` stays `unknown`."""

    id: str
    trace_id: str
    category: str
    severity: Severity
    root_cause: str
    evidence: JsonObject
    detector: PluginIdentity


@dataclass(frozen=True, kw_only=True)
class FailureMode:
    """A category of failure over many traces: in how many of how many, with the interval of that rate."""

    category: str
    severity: Severity
    num_traces: int
    num_total: int
    rate: float
    interval: Interval
    confidence: float
    root_causes: dict[str, int]
    trace_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Traces chosen for a look, by which strategy, with the chance that each had (None where unknown)."""

    strategy: str
    trace_ids: tuple[str, ...]
    num_candidates: int
    inclusion_probability: float | None
