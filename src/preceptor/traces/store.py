"""Traces in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Column, ColumnElement, Connection, Integer, String, Table, Text, func, select
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.clock import to_text
from preceptor.core.errors import NotFoundError
from preceptor.core.json_values import JsonObject
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.storage.database import JsonText, metadata
from preceptor.traces.record import from_record, to_record
from preceptor.traces.types import RedactedTrace, Trace

traces = Table(
    "traces",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("occurred_at", String(40), index=True),
    Column("conversation", Text, index=True),
    Column("model", Text),
    Column("num_redactions", Integer, nullable=False),
    Column("record", JsonText, nullable=False),
)

IDS_A_QUERY = 500  # SQLite's old limit of variables is 999
ROWS_A_FETCH = 200


@dataclass(frozen=True, kw_only=True)
class TraceFilter:
    """Which traces; what is None does not matter. `since` belongs to the span of time, `until` does not.

    A trace of unknown time is in no span of time.
    """

    source: str | None = None
    conversation: str | None = None
    model: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERY_TRACE = TraceFilter()


@dataclass(frozen=True)
class TraceStore:
    """Traces on one connection."""

    connection: Connection

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what was written inside the block when it ends in an error; the rest of the transaction stays."""
        with self.connection.begin_nested():
            yield

    def add_many(self, new: Sequence[RedactedTrace]) -> int:
        """Keep the traces; how many were new. One whose id is already there stays as it is."""
        if not new:
            return 0
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(traces).on_conflict_do_nothing().returning(traces.c.id)
        return len(self.connection.execute(statement, [_row(redacted) for redacted in new]).all())

    def get(self, trace_id: str) -> Trace:
        """The trace; NotFoundError when there is none."""
        found = self.find(trace_id)
        if found is None:
            raise NotFoundError(f"no trace {trace_id!r}; check the id, or ingest the file that holds it")
        return found

    def find(self, trace_id: str) -> Trace | None:
        """The trace, or None."""
        return self.find_many([trace_id]).get(trace_id)

    def find_many(self, trace_ids: Sequence[str]) -> dict[str, Trace]:
        """Those of the traces that are there, by id."""
        found: dict[str, Trace] = {}
        for start in range(0, len(trace_ids), IDS_A_QUERY):
            query = select(traces.c.record).where(traces.c.id.in_(trace_ids[start : start + IDS_A_QUERY]))
            read = [_trace(record) for record in self.connection.execute(query).scalars()]
            found |= {trace.id: trace for trace in read}
        return found

    def list_page(self, cursor: str | None = None, size: int = DEFAULT_PAGE_SIZE) -> Page[Trace]:
        """One page, in the order of the ids; `cursor` is the page before's `next_cursor`."""
        query = select(traces.c.record).order_by(traces.c.id).limit(size + 1)
        if cursor is not None:
            query = query.where(traces.c.id > cursor)
        read = [_trace(record) for record in self.connection.execute(query).scalars()]
        items = read[:size]
        return Page(items=items, next_cursor=items[-1].id if len(read) > size else None)

    def iter_all(self, wanted: TraceFilter = EVERY_TRACE) -> Iterator[Trace]:
        """Every wanted trace in the order of the ids, read a few at a time."""
        query = select(traces.c.record).where(*_conditions(wanted)).order_by(traces.c.id)
        for record in self.connection.execute(query, execution_options={"yield_per": ROWS_A_FETCH}).scalars():
            yield _trace(record)

    def count(self, wanted: TraceFilter = EVERY_TRACE) -> int:
        """How many of the wanted traces there are."""
        query = select(func.count()).select_from(traces).where(*_conditions(wanted))
        return self.connection.execute(query).scalar_one()


def _row(redacted: RedactedTrace) -> dict[str, object]:
    trace = redacted.trace
    return {
        "id": trace.id,
        "source": trace.source,
        "occurred_at": to_text(trace.occurred_at) if trace.occurred_at else None,
        "conversation": trace.conversation,
        "model": trace.model,
        "num_redactions": redacted.num_redactions,
        "record": to_record(trace),
    }


def _trace(record: object) -> Trace:
    return from_record(cast("JsonObject", record))


def _conditions(wanted: TraceFilter) -> list[ColumnElement[bool]]:
    exact = (
        (traces.c.source, wanted.source),
        (traces.c.conversation, wanted.conversation),
        (traces.c.model, wanted.model),
    )
    found = [column == value for column, value in exact if value is not None]
    if wanted.since is not None:
        found.append(traces.c.occurred_at >= to_text(wanted.since))
    if wanted.until is not None:
        found.append(traces.c.occurred_at < to_text(wanted.until))
    return found
