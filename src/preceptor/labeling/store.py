"""Label tasks and answers in the database."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text, UniqueConstraint

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
