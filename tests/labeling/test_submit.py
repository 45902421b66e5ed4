"""Valid answers are taken in once; the rest is rejected with its line and reason, and nothing is overwritten."""

from __future__ import annotations

import pytest

from preceptor.core.rows import BadRow
from preceptor.labeling.question_types.rating import Rating
from preceptor.labeling.submit import submit
from preceptor.labeling.types import AnswerRow, Task

QUESTION = Rating(minimum=1, maximum=5)


@pytest.fixture
def tasks(clock):
    return [
        Task(
            id=f"task_{item}",
            item=item,
            trace_id=None,
            rubric="r",
            rubric_hash="h",
            shown={},
            created_at=clock(),
        )
        for item in ("q1", "q2")
    ]


def row(number, item, annotator, value, comment=""):
    return AnswerRow(number=number, item=item, annotator=annotator, value=value, comment=comment)


def test_answers_are_read_by_the_question_and_kept_with_their_comment(tasks, clock):
    found = submit([row(2, "q1", "ann", "3", "fine"), row(3, "q2", "ben", 5)], tasks, [], QUESTION, clock())
    assert [(a.task_id, a.annotator, a.value, a.comment) for a in found.accepted] == [
        ("task_q1", "ann", 3, "fine"),
        ("task_q2", "ben", 5, ""),
    ]
    assert found.accepted[0].answered_at == clock()
    report = found.report
    assert (report.num_read, report.num_added, report.num_already_there, report.rejected) == (2, 2, 0, ())
    assert report.annotators == ("ann", "ben")


def test_same_answer_again_is_already_there(tasks, clock):
    rows = [row(2, "q1", "ann", "3")]
    first = submit(rows, tasks, [], QUESTION, clock())
    again = submit([*rows, row(3, "q1", "ann", 3.0)], tasks, first.accepted, QUESTION, clock())
    assert again.accepted == ()
    assert again.report.num_already_there == 2


def test_different_answer_is_rejected_and_the_first_stays(tasks, clock):
    found = submit([row(2, "q1", "ann", 3), row(3, "q1", "ann", 4)], tasks, [], QUESTION, clock())
    assert [answer.value for answer in found.accepted] == [3]
    (bad,) = found.report.rejected
    assert bad.number == 3
    assert bad.reason == "'ann' already answered 'q1' with 3, now 4; the first answer stays"
    later = submit([row(2, "q1", "ann", 5)], tasks, found.accepted, QUESTION, clock())
    assert later.accepted == ()
    assert len(later.report.rejected) == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(2, "q9", "ann", 3), "no task has the item 'q9'"),
        (row(2, "q1", "", 3), "annotator is empty"),
        (row(2, "q1", "ann", ""), "value is empty"),
        (row(2, "q1", "ann", None), "value is empty"),
        (row(2, "q1", "ann", 9), "9 is no number from 1 to 5"),
        (BadRow(number=2, reason="2 cells under 4 column names"), "2 cells"),
    ],
)
def test_bad_row_is_rejected_and_the_rest_kept(tasks, clock, bad, reason):
    found = submit([bad, row(3, "q1", "ann", 3)], tasks, [], QUESTION, clock())
    assert [answer.value for answer in found.accepted] == [3]
    assert [rejected.number for rejected in found.report.rejected] == [2]
    assert reason in found.report.rejected[0].reason
    assert found.report.num_read == 2


def test_annotators_answer_one_task_each_for_himself(tasks, clock):
    found = submit([row(2, "q1", "ann", 3), row(3, "q1", "ben", 4)], tasks, [], QUESTION, clock())
    assert len(found.accepted) == 2
    assert len({answer.id for answer in found.accepted}) == 2
