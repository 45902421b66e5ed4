"""A trace becomes one task, however often it is assigned."""

from __future__ import annotations

import pytest

from preceptor.core.errors import ConflictError
from preceptor.labeling.assign import assign, task_id
from preceptor.labeling.types import Rubric
from preceptor.models.types import Message
from preceptor.traces.types import Trace

RUBRIC = Rubric(name="helpful", title="t", instructions="i", question={"kind": "pairwise"})


def trace(identifier: str, **metadata) -> Trace:
    messages = (Message(role="user", content="How do I reset?"),)
    return Trace(id=identifier, source="jsonl", messages=messages, output="Click reset.", metadata=metadata)


def test_task_shows_the_conversation_and_keeps_where_it_came_from(clock):
    (task,) = assign([trace("trace_1", item="p7")], RUBRIC, "h1", clock())
    assert (task.item, task.trace_id, task.rubric, task.rubric_hash) == ("p7", "trace_1", "helpful", "h1")
    assert task.shown["output"] == "Click reset."
    assert task.shown["messages"][0]["content"] == "How do I reset?"
    assert task.created_at == clock()


def test_trace_without_an_item_is_its_own_item(clock):
    (task,) = assign([trace("trace_1")], RUBRIC, "h1", clock())
    assert task.item == "trace_1"


def test_assigning_twice_makes_the_same_task(clock):
    first = assign([trace("trace_1"), trace("trace_1")], RUBRIC, "h1", clock())
    assert len(first) == 1
    assert first == assign([trace("trace_1")], RUBRIC, "h1", clock())
    assert first[0].id == task_id("trace_1", "h1") != task_id("trace_1", "h2")


def test_two_traces_with_one_item_are_refused(clock):
    with pytest.raises(ConflictError, match="'trace_1' and 'trace_2' carry the same item 'p7'"):
        assign([trace("trace_1", item="p7"), trace("trace_2", item="p7")], RUBRIC, "h1", clock())


def test_nothing_selected_is_no_task(clock):
    assert assign([], RUBRIC, "h1", clock()) == []
