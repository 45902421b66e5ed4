"""Labels in the database."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

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
