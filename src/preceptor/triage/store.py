"""Findings in the database."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from preceptor.storage.database import JsonText, metadata

findings = Table(
    "findings",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("trace_id", String(100), ForeignKey("traces.id"), nullable=False, index=True),
    Column("category", String(100), nullable=False, index=True),
    Column("severity", String(10), nullable=False),
    Column("root_cause", String(100), nullable=False),
    Column("evidence", JsonText, nullable=False),
    Column("detector", JsonText, nullable=False),
)
