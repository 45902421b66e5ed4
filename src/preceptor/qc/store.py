"""Labels in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    and_,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.clock import from_text, to_text
from preceptor.core.errors import NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.core.registry import PluginIdentity
from preceptor.labeling.store import tasks
from preceptor.qc.types import Label, Resolution, Unresolved
from preceptor.storage.database import JsonText, metadata

labels = Table(
    "labels",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("task_id", String(100), ForeignKey("tasks.id"), nullable=False, index=True),
    Column("is_resolved", Integer, nullable=False),
    Column("value", JsonText),
    Column("confidence", Float),
    Column("num_answers", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("aggregator", JsonText, nullable=False),
    Column("created_at", String(40), nullable=False),
)


@dataclass(frozen=True)
class LabelStore:
    """Resolutions on one connection: every one is kept, the newest of a task counts."""

    connection: Connection

    def add(self, new: Sequence[Resolution]) -> None:
        """Keep the resolutions; one that is already there is the newest again."""
        if not new:
            return
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(labels)
        statement = statement.on_conflict_do_update(
            index_elements=[labels.c.id], set_={"created_at": statement.excluded.created_at}
        )
        self.connection.execute(statement, [_row(resolution) for resolution in new])

    def get(self, identifier: str) -> Resolution:
        """The resolution; NotFoundError when there is none."""
        row = self.connection.execute(_joined().where(labels.c.id == identifier)).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"no label {identifier!r}; check the id")
        return _resolution(row)

    def list_for_task(self, task_id: str) -> list[Resolution]:
        """Every resolution of a task, oldest first."""
        query = _joined().where(labels.c.task_id == task_id).order_by(labels.c.created_at, labels.c.id)
        return [_resolution(row) for row in self.connection.execute(query).mappings()]

    def list_current(self, rubric_hash: str) -> list[Resolution]:
        """The newest resolution of each task under one version of a rubric, resolved or not, ordered by item."""
        newest = select(labels.c.task_id, func.max(labels.c.created_at).label("at")).group_by(labels.c.task_id)
        latest = newest.subquery()
        query = (
            _joined()
            .join(latest, and_(latest.c.task_id == labels.c.task_id, latest.c.at == labels.c.created_at))
            .where(tasks.c.rubric_hash == rubric_hash)
            .order_by(tasks.c.item, labels.c.id)
        )
        return [_resolution(row) for row in self.connection.execute(query).mappings()]

    def list_unresolved(self, rubric_hash: str) -> list[Resolution]:
        """The newest resolutions that gave no label, with their reasons, ordered by item."""
        return [kept for kept in self.list_current(rubric_hash) if isinstance(kept.result, Unresolved)]


def _joined() -> Select[tuple[object, ...]]:
    return select(tasks.c.item, *labels.c).join_from(labels, tasks, labels.c.task_id == tasks.c.id)


def _row(resolution: Resolution) -> JsonObject:
    result = resolution.result
    return {
        "id": resolution.id,
        "task_id": resolution.task_id,
        "is_resolved": int(isinstance(result, Label)),
        "value": result.value if isinstance(result, Label) else None,
        "confidence": result.confidence if isinstance(result, Label) else None,
        "num_answers": result.num_answers,
        "reason": result.reason if isinstance(result, Unresolved) else "",
        "aggregator": plain_object(resolution.aggregator),
        "created_at": to_text(resolution.created_at),
    }


def _resolution(row: RowMapping) -> Resolution:
    item, num_answers = row["item"], row["num_answers"]
    result: Label | Unresolved = Unresolved(item=item, reason=row["reason"], num_answers=num_answers)
    if row["is_resolved"]:
        result = Label(item=item, value=row["value"], confidence=row["confidence"], num_answers=num_answers)
    return Resolution(
        id=row["id"],
        task_id=row["task_id"],
        result=result,
        aggregator=PluginIdentity(**row["aggregator"]),
        created_at=from_text(row["created_at"]),
    )
