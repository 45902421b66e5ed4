"""Scores of traces in the database."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, String, Table, Text

from preceptor.storage.database import JsonText, metadata

trace_scores = Table(
    "trace_scores",
    metadata,
    Column("trace_id", String(100), ForeignKey("traces.id"), primary_key=True),
    Column("metric", String(100), primary_key=True),
    Column("grader_hash", String(64), primary_key=True),
    Column("value", Float),
    Column("status", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("grader", JsonText, nullable=False),
)
