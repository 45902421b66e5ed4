"""Scores of traces in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Float, ForeignKey, Row, String, Table, Text, select
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.ids import plain_object
from preceptor.core.registry import PluginIdentity
from preceptor.grading.types import MetricScore
from preceptor.storage.database import JsonText, metadata

IDS_A_QUERY = 500

trace_scores = Table(
    "trace_scores",
    metadata,
    Column("trace_id", String(100), ForeignKey("traces.id"), primary_key=True),
    Column("metric", String(100), primary_key=True),
    Column("grader_hash", String(64), primary_key=True),
    Column("value", Float),
    Column("status", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("grader", JsonText, nullable=False),
)

_ORDER = (trace_scores.c.trace_id, trace_scores.c.metric, trace_scores.c.grader_hash)


@dataclass(frozen=True)
class TraceScoreStore:
    """Scores of traces on one connection; one a trace, metric and grader (with its version and settings)."""

    connection: Connection

    def add_many(self, scores: Mapping[str, Sequence[MetricScore]]) -> None:
        """Keep the scores, by the trace's id; the trace must be there.

        A score that is already there stays as it is. Only a grader's failure gives way: the
        same grader may be asked again.
        """
        rows = [_row(trace_id, score) for trace_id, found in scores.items() for score in found]
        if not rows:
            return
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(trace_scores)
        replaced = {name: statement.excluded[name] for name in ("value", "status", "reason")}
        statement = statement.on_conflict_do_update(
            index_elements=["trace_id", "metric", "grader_hash"],
            set_=replaced,
            where=trace_scores.c.status == "grader_error",
        )
        self.connection.execute(statement, rows)

    def list_for(self, trace_ids: Sequence[str]) -> dict[str, tuple[MetricScore, ...]]:
        """Each trace's scores ordered by metric, in the order of the ids; a trace without any has none."""
        found: dict[str, list[MetricScore]] = {trace_id: [] for trace_id in trace_ids}
        for start in range(0, len(trace_ids), IDS_A_QUERY):
            some = trace_ids[start : start + IDS_A_QUERY]
            query = select(trace_scores).where(trace_scores.c.trace_id.in_(some)).order_by(*_ORDER)
            for row in self.connection.execute(query):
                found[row.trace_id].append(_score(row))
        return {trace_id: tuple(scores) for trace_id, scores in found.items()}

    def iter_all(self) -> Iterator[tuple[str, MetricScore]]:
        """Every trace's id with a score, ordered by trace and metric."""
        query = select(trace_scores).order_by(*_ORDER).execution_options(yield_per=IDS_A_QUERY)
        for row in self.connection.execute(query):
            yield row.trace_id, _score(row)


def _row(trace_id: str, score: MetricScore) -> dict[str, object]:
    return {
        "trace_id": trace_id,
        "metric": score.metric,
        "grader_hash": score.grader.hash,
        "value": score.value,
        "status": score.status,
        "reason": score.reason,
        "grader": plain_object(score.grader),
    }


def _score(row: Row[Any]) -> MetricScore:
    return MetricScore(
        metric=row.metric,
        value=row.value,
        reason=row.reason,
        grader=PluginIdentity(**row.grader),
        status=row.status,
    )
