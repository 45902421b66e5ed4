"""Traces are kept once, read back equal, paged and streamed in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.models.types import Message, ToolCall, Usage
from preceptor.storage.database import Database
from preceptor.traces.record import from_record
from preceptor.traces.store import TraceFilter, TraceStore
from preceptor.traces.types import RedactedTrace, Trace

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def numbered(number: int) -> RedactedTrace:
    call = ToolCall(id="c1", name="find", arguments="{}")
    trace = Trace(
        id=f"trace_{number:03d}",
        source="jsonl" if number % 2 else "otlp",
        messages=(Message(role="user", content="Grüße 😀"), Message(role="assistant", content="", tool_calls=(call,))),
        output="Hi",
        output_tool_calls=(call,),
        later_messages=(Message(role="tool", content="", tool_call_id="c1"),),
        occurred_at=NOON + timedelta(minutes=number, microseconds=5),
        conversation=f"c{number % 3}",
        usage=Usage(input_tokens=3),
        recorded_scores={"reward": 0.5},
        metadata={"deep": [{"a": None}]},
    )
    return RedactedTrace(trace=trace, num_redactions=number)


def test_trace_is_read_back_equal(database: Database):
    with database.write() as connection:
        assert TraceStore(connection).add_many([numbered(1)]) == 1
    with database.read() as connection:
        assert TraceStore(connection).get("trace_001") == numbered(1).trace


def test_second_of_the_same_id_is_not_new(database: Database):
    with database.write() as connection:
        store = TraceStore(connection)
        assert store.add_many([numbered(1), numbered(2)]) == 2
        assert store.add_many([numbered(2), numbered(3)]) == 1
        assert store.add_many([]) == 0
        assert store.count() == 3


def test_pages_cover_everything_once(database: Database):
    with database.write() as connection:
        store = TraceStore(connection)
        store.add_many([numbered(number) for number in range(7)])
        seen, cursor = [], None
        while True:
            page = store.list_page(cursor, size=3)
            seen += [trace.id for trace in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == [f"trace_{number:03d}" for number in range(7)]


def test_last_page_that_is_full_has_no_next(database: Database):
    with database.write() as connection:
        store = TraceStore(connection)
        store.add_many([numbered(number) for number in range(3)])
        assert store.list_page(size=3).next_cursor is None


def test_filters_narrow_what_is_streamed(database: Database):
    with database.write() as connection:
        store = TraceStore(connection)
        store.add_many([numbered(number) for number in range(600)])
        assert sum(1 for _ in store.iter_all()) == 600
        wanted = TraceFilter(
            source="otlp", conversation="c0", since=NOON + timedelta(minutes=6), until=NOON + timedelta(minutes=18)
        )
        assert [trace.id for trace in store.iter_all(wanted)] == ["trace_006", "trace_012"]
        assert store.count(wanted) == 2


def test_unknown_trace_is_not_found(database: Database):
    with database.read() as connection:
        assert TraceStore(connection).find("trace_x") is None
        with pytest.raises(NotFoundError, match="trace_x"):
            TraceStore(connection).get("trace_x")


def test_error_inside_undoes_the_block_and_nothing_else(database: Database):
    with database.write() as connection:
        store = TraceStore(connection)
        store.add_many([numbered(1)])
        with pytest.raises(InputError), store.all_or_nothing():
            store.add_many([numbered(2)])
            raise InputError("no")
    with database.read() as connection:
        assert [trace.id for trace in TraceStore(connection).iter_all()] == ["trace_001"]


def test_record_that_was_changed_from_outside_is_named(database: Database):
    with database.write() as connection:
        TraceStore(connection).add_many([numbered(1)])
        connection.execute(text("""UPDATE traces SET record = '{"id":"trace_001"}'"""))
        with pytest.raises(ConflictError, match="trace_001"):
            TraceStore(connection).get("trace_001")


def test_record_of_a_wrong_role_is_refused():
    with pytest.raises(ConflictError, match="changed from outside"):
        from_record({"id": "t", "source": "s", "messages": [{"role": "wizard", "content": ""}]})
