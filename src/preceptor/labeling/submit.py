"""Take in annotators' answers: one answer a task and annotator, and none is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import BadRow, text_of
from preceptor.labeling.question_type import QuestionType
from preceptor.labeling.types import Answer, AnswerRow, SubmitReport, Task


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The answers to keep, and what became of every row."""

    accepted: tuple[Answer, ...]
    report: SubmitReport


def submit(
    rows: Iterable[AnswerRow | BadRow],
    tasks: Sequence[Task],
    existing: Sequence[Answer],
    question_type: QuestionType,
    at: datetime,
) -> Submission:
    """The answers in `rows` that are new and valid, in their order.

    `tasks` are those of one rubric version, `existing` the answers that they have. The same
    answer again counts as already there; a different one by the same annotator is rejected, as
    are an unknown item, an empty answer and one that the question does not allow. Each rejected
    row keeps its line and reason, and the rest is accepted.
    """
    by_item = {task.item: task for task in tasks}
    known = {(answer.task_id, answer.annotator): answer for answer in existing}
    accepted: list[Answer] = []
    rejected: list[BadRow] = []
    num_already_there = 0
    for row in rows:
        if isinstance(row, BadRow):
            rejected.append(row)
            continue
        try:
            answer = _answer(row, by_item, question_type, at)
            before = known.setdefault((answer.task_id, answer.annotator), answer)
            _refuse_change(before, answer, row)
        except InputError as error:
            rejected.append(BadRow(number=row.number, reason=str(error), text=f"{row.item},{row.annotator}"[:200]))
            continue
        if before is answer:
            accepted.append(answer)
        else:
            num_already_there += 1
    report = SubmitReport(
        num_read=len(accepted) + num_already_there + len(rejected),
        num_added=len(accepted),
        num_already_there=num_already_there,
        rejected=tuple(rejected),
        annotators=tuple(sorted({answer.annotator for answer in accepted})),
    )
    return Submission(accepted=tuple(accepted), report=report)


def _answer(row: AnswerRow, by_item: dict[str, Task], question_type: QuestionType, at: datetime) -> Answer:
    task = by_item.get(row.item)
    if task is None:
        raise InputError(f"no task has the item {row.item!r}; assign it first, or correct the item")
    if not row.annotator:
        raise InputError("the annotator is empty; name who answered")
    if not text_of(row.value).strip():
        raise InputError("the value is empty; leave the row out where there is no answer")
    value: JsonValue = question_type.read(row.value)
    content = {"task_id": task.id, "annotator": row.annotator, "value": value}
    return Answer(
        id=content_id("answer", content),
        task_id=task.id,
        annotator=row.annotator,
        value=value,
        comment=row.comment,
        answered_at=at,
    )


def _refuse_change(before: Answer, answer: Answer, row: AnswerRow) -> None:
    if text_of(before.value) != text_of(answer.value):
        raise InputError(
            f"{row.annotator!r} already answered {row.item!r} with {before.value!r}, now {answer.value!r}; "
            "the first answer stays"
        )
