"""Tasks and answers are kept once and read back equal."""

from __future__ import annotations

import dataclasses

import pytest

from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.labeling.store import AnswerStore, ItemAndAnswer, TaskStore
from preceptor.labeling.types import Answer, Task


@pytest.fixture
def tasks(clock):
    return [
        Task(
            id=f"task_{item}",
            item=item,
            trace_id=None,
            rubric="r",
            rubric_hash=rubric_hash,
            shown={"output": "é"},
            created_at=clock(),
        )
        for item, rubric_hash in (("q2", "h1"), ("q1", "h1"), ("q3", "h2"))
    ]


def answer(task, annotator, value, clock):
    identifier = f"answer_{task.item}_{annotator}"
    return Answer(id=identifier, task_id=task.id, annotator=annotator, value=value, comment="c", answered_at=clock())


def test_tasks_are_added_once(database, tasks):
    with database.write() as connection:
        assert TaskStore(connection).add(tasks[:2]) == 2
        assert TaskStore(connection).add(tasks) == 1
        assert TaskStore(connection).add([]) == 0
        changed = dataclasses.replace(tasks[0], shown={})
        assert TaskStore(connection).add([changed]) == 0
    with database.read() as connection:
        store = TaskStore(connection)
        assert store.get("task_q2") == tasks[0]
        assert store.list_for_rubric("h1") == [tasks[1], tasks[0]]
        assert sorted(task.item for task in store.iter_all()) == ["q1", "q2", "q3"]
        assert store.find("task_q9") is None
        with pytest.raises(NotFoundError, match="task_q9"):
            store.get("task_q9")


def test_answers_are_read_back_with_their_items(database, tasks, clock):
    given = [answer(tasks[0], "ben", 3, clock), answer(tasks[0], "ann", None, clock), answer(tasks[2], "ann", 1, clock)]
    undated = dataclasses.replace(answer(tasks[1], "ann", {"a": [1]}, clock), answered_at=None)
    with database.write() as connection:
        TaskStore(connection).add(tasks)
        AnswerStore(connection).add([*given, undated])
        AnswerStore(connection).add([])
    with database.read() as connection:
        store = AnswerStore(connection)
        assert store.get(given[0].id) == given[0]
        assert store.list_for_task("task_q2") == [given[1], given[0]]
        assert store.list_for_rubric("h1") == [
            ItemAndAnswer("q1", undated),
            ItemAndAnswer("q2", given[1]),
            ItemAndAnswer("q2", given[0]),
        ]
        with pytest.raises(NotFoundError, match="answer_none"):
            store.get("answer_none")


def test_second_answer_by_one_annotator_is_refused(database, tasks, clock):
    with database.write() as connection:
        TaskStore(connection).add(tasks)
        AnswerStore(connection).add([answer(tasks[0], "ann", 3, clock)])
    other = dataclasses.replace(answer(tasks[0], "ann", 4, clock), id="answer_other")
    with pytest.raises(ConflictError), database.write() as connection:
        AnswerStore(connection).add([other])
    with database.read() as connection:
        assert [kept.value for kept in AnswerStore(connection).list_for_task("task_q2")] == [3]
