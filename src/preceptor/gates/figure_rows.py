"""What a run took, as metrics that criteria can read: seconds, dollars and tokens of each case."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.evals.types import SampleResult, ScoreRow, Suite
from preceptor.gates.types import COST_METRIC, LATENCY_METRIC, TOKENS_METRIC


def figure_rows(suite: Suite, results: Sequence[SampleResult]) -> dict[str, list[ScoreRow]]:
    """Seconds, dollars and tokens of each case, the mean over its epochs; None, with a reason, where one is not known.

    A figure that no case has is left out. What was read from the cache says nothing of time or money.
    """
    figures = {LATENCY_METRIC: _latency, COST_METRIC: _cost, TOKENS_METRIC: _tokens}
    attempts: dict[str, list[SampleResult]] = {}
    for result in results:
        attempts.setdefault(result.case_id, []).append(result)
    found: dict[str, list[ScoreRow]] = {}
    for metric, read in figures.items():
        values = {case: [read(one) for one in some] for case, some in attempts.items()}
        if not any(value is not None for some in values.values() for value in some):
            continue
        found[metric] = [
            ScoreRow(
                id=case.id,
                score=_mean(values.get(case.id, [])),
                reason="" if _mean(values.get(case.id, [])) is not None else "not recorded",
                cluster=case.cluster,
                slices=case.slices,
                tags=case.tags,
            )
            for case in suite.cases
        ]
    return found


def _latency(result: SampleResult) -> float | None:
    return None if result.is_cached or result.status != "ok" else result.latency_seconds


def _cost(result: SampleResult) -> float | None:
    return None if result.is_cached or result.status != "ok" else result.usage.cost


def _tokens(result: SampleResult) -> float | None:
    usage = result.usage
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    return float(usage.input_tokens + usage.output_tokens)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None
