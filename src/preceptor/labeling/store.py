"""Label tasks and answers in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Column, Connection, ForeignKey, RowMapping, String, Table, Text, UniqueConstraint, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.clock import from_text
from preceptor.core.errors import NotFoundError
from preceptor.core.ids import plain_object
from preceptor.labeling.types import Answer, Task
from preceptor.storage.database import JsonText, metadata

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("item", Text, nullable=False, index=True),
    Column("trace_id", String(100), ForeignKey("traces.id"), index=True),
    Column("rubric", String(100), nullable=False),
    Column("rubric_hash", String(64), nullable=False),
    Column("shown", JsonText, nullable=False),
    Column("created_at", String(40), nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("task_id", String(100), ForeignKey("tasks.id"), nullable=False),
    Column("annotator", String(200), nullable=False),
    Column("value", JsonText),
    Column("comment", Text, nullable=False),
    Column("answered_at", String(40)),
    UniqueConstraint("task_id", "annotator", name="answers_one_for_each_annotator"),
)


class ItemAndAnswer(NamedTuple):
    """An answer, and the item that its task asks about."""

    item: str
    answer: Answer


@dataclass(frozen=True)
class TaskStore:
    """Label tasks on one connection; a task is added once and never changed."""

    connection: Connection

    def add(self, new: Sequence[Task]) -> int:
        """Keep the tasks; how many were not there before. One that is there stays as it is."""
        if not new:
            return 0
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(tasks).on_conflict_do_nothing().returning(tasks.c.id)
        return len(self.connection.execute(statement, [plain_object(task) for task in new]).all())

    def get(self, identifier: str) -> Task:
        """The task; NotFoundError when there is none."""
        found = self.find(identifier)
        if found is None:
            raise NotFoundError(f"no task {identifier!r}; check the id")
        return found

    def find(self, identifier: str) -> Task | None:
        """The task, or None."""
        row = self.connection.execute(select(tasks).where(tasks.c.id == identifier)).mappings().one_or_none()
        return _task(row) if row else None

    def list_for_rubric(self, rubric_hash: str) -> list[Task]:
        """The tasks under one version of a rubric, ordered by item."""
        query = select(tasks).where(tasks.c.rubric_hash == rubric_hash).order_by(tasks.c.item, tasks.c.id)
        return [_task(row) for row in self.connection.execute(query).mappings()]

    def iter_all(self) -> Iterator[Task]:
        """Every task, oldest first."""
        for row in self.connection.execute(select(tasks).order_by(tasks.c.created_at, tasks.c.id)).mappings():
            yield _task(row)


@dataclass(frozen=True)
class AnswerStore:
    """Answers on one connection; an answer is added once and never changed."""

    connection: Connection

    def add(self, new: Sequence[Answer]) -> None:
        """Keep the answers; the database refuses a second one by the same annotator to the same task."""
        if new:
            self.connection.execute(insert(answers), [plain_object(answer) for answer in new])

    def get(self, identifier: str) -> Answer:
        """The answer; NotFoundError when there is none."""
        row = self.connection.execute(select(answers).where(answers.c.id == identifier)).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"no answer {identifier!r}; check the id")
        return _answer(row)

    def list_for_task(self, task_id: str) -> list[Answer]:
        """The answers to one task, ordered by annotator."""
        query = select(answers).where(answers.c.task_id == task_id).order_by(answers.c.annotator)
        return [_answer(row) for row in self.connection.execute(query).mappings()]

    def list_for_rubric(self, rubric_hash: str) -> list[ItemAndAnswer]:
        """The answers under one version of a rubric with their items, ordered by item and annotator."""
        query = (
            select(tasks.c.item, *answers.c)
            .join_from(answers, tasks, answers.c.task_id == tasks.c.id)
            .where(tasks.c.rubric_hash == rubric_hash)
            .order_by(tasks.c.item, answers.c.annotator)
        )
        return [ItemAndAnswer(row["item"], _answer(row)) for row in self.connection.execute(query).mappings()]


def _task(row: RowMapping) -> Task:
    return Task(**{**row, "created_at": from_text(row["created_at"])})


def _answer(row: RowMapping) -> Answer:
    moment: str | None = row["answered_at"]
    kept = {column.name: row[column.name] for column in answers.c}
    return Answer(**{**kept, "answered_at": from_text(moment) if moment else None})
