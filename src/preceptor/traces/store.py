"""Traces in the database."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from preceptor.storage.database import JsonText, metadata

traces = Table(
    "traces",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("occurred_at", String(40), index=True),
    Column("conversation", Text, index=True),
    Column("model", Text),
    Column("num_redactions", Integer, nullable=False),
    Column("record", JsonText, nullable=False),
)
