"""Scores of traces in the database."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import insert

from preceptor.core.errors import StorageError
from preceptor.core.registry import PluginIdentity
from preceptor.grading.store import TraceScoreStore
from preceptor.grading.types import MetricScore
from preceptor.storage.database import Database
from preceptor.traces.store import traces

GRADER = PluginIdentity(kind="grader", name="contains", version=1, settings={"values": ["é"]})
GOOD = MetricScore(metric="word", value=0.25, reason="", grader=GRADER)
FAILED = MetricScore(metric="judged", value=None, reason="down", grader=GRADER, status="grader_error")


@pytest.fixture
def traced(database: Database) -> Database:
    """A database with the traces t0 to t9."""
    with database.write() as connection:
        rows = [{"id": f"t{n}", "source": "x", "num_redactions": 0, "record": {}} for n in range(10)]
        connection.execute(insert(traces), rows)
    return database


def test_what_is_kept_comes_back(traced):
    with traced.write() as connection:
        TraceScoreStore(connection).add_many({"t1": [GOOD, FAILED], "t0": [GOOD]})
    with traced.read() as connection:
        found = TraceScoreStore(connection).list_for(["t1", "t2", "t0"])
        everything = list(TraceScoreStore(connection).iter_all())
    assert found == {"t1": (FAILED, GOOD), "t2": (), "t0": (GOOD,)}
    assert list(found) == ["t1", "t2", "t0"]
    assert everything == [("t0", GOOD), ("t1", FAILED), ("t1", GOOD)]


def test_a_score_stays_but_a_graders_failure_gives_way(traced):
    again = dataclasses.replace(GOOD, value=1.0)
    mended = dataclasses.replace(FAILED, value=0.5, reason="up", status="ok")
    with traced.write() as connection:
        store = TraceScoreStore(connection)
        store.add_many({"t1": [GOOD, FAILED]})
        store.add_many({"t1": [again, mended]})
        assert store.list_for(["t1"]) == {"t1": (mended, GOOD)}


def test_another_version_of_the_grader_is_another_score(traced):
    newer = dataclasses.replace(GOOD, grader=dataclasses.replace(GRADER, version=2))
    with traced.write() as connection:
        store = TraceScoreStore(connection)
        store.add_many({"t1": [GOOD, newer]})
        assert sorted(score.grader.version for score in store.list_for(["t1"])["t1"]) == [1, 2]


def test_more_ids_than_one_query_takes(traced):
    with traced.write() as connection:
        store = TraceScoreStore(connection)
        store.add_many({"t9": [GOOD]})
        found = store.list_for([*(f"none{n}" for n in range(1_200)), "t9"])
    assert len(found) == 1_201
    assert found["t9"] == (GOOD,)


def test_a_score_of_an_unknown_trace_is_refused(traced):
    with pytest.raises(StorageError), traced.write() as connection:
        TraceScoreStore(connection).add_many({"nowhere": [GOOD]})


def test_nothing_to_keep_is_fine(traced):
    with traced.write() as connection:
        TraceScoreStore(connection).add_many({})
        assert TraceScoreStore(connection).list_for([]) == {}
