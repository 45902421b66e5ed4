"""Dataset versions in the database; their records lie in files."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from preceptor.storage.database import JsonText, metadata

dataset_versions = Table(
    "dataset_versions",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("name", String(200), nullable=False, index=True),
    Column("manifest", JsonText, nullable=False),
    Column("folder", Text, nullable=False),
    Column("created_at", String(40), nullable=False),
)
