"""Every resolution is kept, and the newest of a task counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from preceptor.core.errors import NotFoundError
from preceptor.labeling.store import TaskStore
from preceptor.labeling.types import Task
from preceptor.qc.aggregator import aggregators
from preceptor.qc.resolve import as_resolutions
from preceptor.qc.store import LabelStore
from preceptor.qc.types import Label, Unresolved

TASKS = {"q1": "task_q1", "q2": "task_q2"}
VOTE = aggregators.identify(aggregators.create("majority_vote"))
MODEL = aggregators.identify(aggregators.create("dawid_skene"))


@pytest.fixture
def connection(database, clock):
    with database.write() as connection:
        TaskStore(connection).add(
            [
                Task(id=i, item=q, trace_id=None, rubric="r", rubric_hash="h", shown={}, created_at=clock())
                for q, i in TASKS.items()
            ]
        )
        yield connection


def results(value):
    return [
        Label(item="q1", value=value, confidence=0.75, num_answers=4),
        Unresolved(item="q2", reason="tie", num_answers=2),
    ]


def test_resolved_and_unresolved_are_read_back_equal(connection, clock):
    kept = as_resolutions(results({"a": 1}), TASKS, VOTE, clock())
    store = LabelStore(connection)
    store.add(kept)
    store.add([])
    assert store.list_current("h") == kept
    assert store.list_unresolved("h") == kept[1:]
    assert store.get(kept[0].id) == kept[0]
    assert store.list_current("other") == []
    with pytest.raises(NotFoundError, match="label_none"):
        store.get("label_none")


def test_newest_resolution_counts_and_older_ones_stay(connection, clock):
    store = LabelStore(connection)
    first = as_resolutions(results("good"), TASKS, VOTE, clock())
    second = as_resolutions(results("bad")[:1], TASKS, MODEL, clock() + timedelta(seconds=1))
    store.add(first)
    store.add(second)
    assert store.list_current("h") == [*second, first[1]]
    assert store.list_for_task("task_q1") == [first[0], *second]


def test_resolving_again_the_same_way_keeps_one_and_makes_it_the_newest(connection, clock):
    store = LabelStore(connection)
    store.add(as_resolutions(results("good"), TASKS, VOTE, clock()))
    store.add(as_resolutions(results("bad"), TASKS, MODEL, clock() + timedelta(seconds=1)))
    again = as_resolutions(results("good"), TASKS, VOTE, clock() + timedelta(seconds=2))
    store.add(again)
    assert store.list_current("h") == again
    assert len(store.list_for_task("task_q1")) == 2
