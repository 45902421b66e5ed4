"""The metrics of a run where less is better, and how a change in them reads."""

from __future__ import annotations

from preceptor.gates.report_types import DeltaRow
from preceptor.gates.types import COST_METRIC, LATENCY_METRIC, TOKENS_METRIC

COST_NAMES = {
    LATENCY_METRIC: "Latency, seconds",
    COST_METRIC: "Cost, US dollars",
    TOKENS_METRIC: "Tokens, in and out",
}
"""Every such metric, with what a reader calls it and its unit."""


def cost_reading(row: DeltaRow) -> str:
    """What the interval says of the change: less and more only where it leaves zero out."""
    if row.difference is None:
        return "not measured"
    if row.interval is None:
        return "no interval"
    if row.interval.low <= 0 <= row.interval.high:
        return "no clear change"
    return "more" if row.interval.low > 0 else "less"
