"""Answers of models kept by what was asked, in the database."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from preceptor.storage.database import JsonText, metadata

cached_responses = Table(
    "cached_responses",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("completion", JsonText, nullable=False),
    Column("made_at", String(40), nullable=False),
)
