"""Verdicts in the database."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from preceptor.storage.database import JsonText, metadata

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("baseline_run", String(100)),
    Column("candidate_run", String(100)),
    Column("record", JsonText, nullable=False),
    Column("decided_at", String(40), nullable=False),
)
