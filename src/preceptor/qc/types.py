"""What quality control gives: a label or the reason why there is none, and agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from preceptor.core.json_values import JsonValue
from preceptor.core.registry import PluginIdentity
from preceptor.stats.types import Interval


@dataclass(frozen=True, kw_only=True)
class Label:
    """The value that the answers to one item support; `confidence` from 0 to 1, None where the aggregator has none."""

    item: str
    value: JsonValue
    confidence: float | None
    num_answers: int


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """An item whose answers support no label, and why."""

    item: str
    reason: str
    num_answers: int


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What one run of an aggregator said of one task, as kept; the newest one of a task counts.

    `id` follows from task, result and aggregator, so resolving the same answers again the same
    way gives the same record.
    """

    id: str
    task_id: str
    result: Label | Unresolved
    aggregator: PluginIdentity
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far annotators agree beyond chance; `value` is None with a `reason` where it is undefined."""

    coefficient: str
    value: float | None
    interval: Interval | None
    confidence: float
    num_items: int
    num_annotators: int
    num_answers: int
    reason: str = ""
