"""Findings are kept once and read back equal."""

from __future__ import annotations

import pytest

from preceptor.core.errors import NotFoundError
from preceptor.storage.database import Database
from preceptor.traces.store import TraceStore
from preceptor.traces.types import RedactedTrace, Trace
from preceptor.triage.detectors.empty_answer import EmptyAnswer
from preceptor.triage.detectors.truncated import Truncated
from preceptor.triage.diagnose import diagnose
from preceptor.triage.store import FindingStore
from preceptor.triage.taxonomy import Taxonomy


@pytest.fixture
def findings(database: Database):
    traces = [Trace(id=f"trace_{n}", source="jsonl", messages=(), output="", finish_reason="length") for n in range(3)]
    with database.write() as connection:
        TraceStore(connection).add_many([RedactedTrace(trace=trace, num_redactions=0) for trace in traces])
    return [one for trace in traces for one in diagnose(trace, {}, [Truncated(), EmptyAnswer()], Taxonomy())]


def test_triage_of_the_same_traces_adds_nothing_new(database: Database, findings):
    with database.write() as connection:
        store = FindingStore(connection)
        assert store.add_many(findings[:4]) == 4
        assert store.add_many(findings) == 2
        assert store.add_many([]) == 0
        assert store.count() == 6


def test_findings_are_read_back_equal_and_in_order(database: Database, findings):
    with database.write() as connection:
        store = FindingStore(connection)
        store.add_many(findings)
        in_order = sorted(findings, key=lambda one: (one.trace_id, one.category))
        assert list(store.iter_all()) == in_order
        assert list(store.iter_all("truncated")) == [one for one in in_order if one.category == "truncated"]
        assert store.list_for_trace("trace_1") == [one for one in in_order if one.trace_id == "trace_1"]
        assert store.get(findings[0].id) == store.find(findings[0].id) == findings[0]


def test_unknown_finding_is_not_found(database: Database):
    with database.read() as connection:
        assert FindingStore(connection).find("finding_x") is None
        with pytest.raises(NotFoundError, match="finding_x"):
            FindingStore(connection).get("finding_x")
