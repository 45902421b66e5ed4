"""What triage finds: a failure in one trace, and failure modes over many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.registry import PluginIdentity
from preceptor.stats.types import Interval

Severity = Literal["P0", "P1", "P2", "P3", "unknown"]

MAX_NAME_CHARACTERS = 100


def check_name(name: str) -> None:
    """InputError unless a category or root cause can be called so."""
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InputError(f"{name!r:.60} is no name; write 1 to {MAX_NAME_CHARACTERS} printable characters")


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of failure that people agreed to look for; `root_causes` are the ones that they tell apart, if any."""

    name: str
    title: str = ""
    description: str = ""
    severity: Severity = "unknown"
    root_causes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse names that the database has no room for."""
        for name in (self.name, *self.root_causes):
            check_name(name)


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
    """A category of failure over many traces: in how many of how many, with the interval of that rate.

    `root_causes` says in how many of the traces each cause was seen.
    """

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
