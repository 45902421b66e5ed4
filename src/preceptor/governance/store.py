"""The audit log and the links of provenance in the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, Text, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.clock import to_text
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.governance.audit import next_entry
from preceptor.governance.types import AuditEntry, Link
from preceptor.storage.database import JsonText, metadata

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JsonText, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("made", String(100), primary_key=True),
    Column("relation", String(40), primary_key=True),
    Column("source", String(100), primary_key=True, index=True),
    Column("details", JsonText, nullable=False),
)


@dataclass(frozen=True)
class AuditStore:
    """The audit log on one connection; entries are added, never changed."""

    connection: Connection

    def add(self, *, at: datetime, actor: str, action: str, subject: str, details: JsonObject) -> AuditEntry:
        """The entry as written, after the last one; the database's one writer at a time keeps the order."""
        entry = next_entry(
            self.find_last(), at=to_text(at), actor=actor, action=action, subject=subject, details=details
        )
        self.connection.execute(insert(audit_entries), [plain_object(entry)])
        return entry

    def find_last(self) -> AuditEntry | None:
        """The newest entry, or None in an empty log."""
        query = select(audit_entries).order_by(audit_entries.c.sequence.desc()).limit(1)
        row = self.connection.execute(query).one_or_none()
        return AuditEntry(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name

    def iter_all(self) -> Iterator[AuditEntry]:
        """Every entry, in the order written."""
        for row in self.connection.execute(select(audit_entries).order_by(audit_entries.c.sequence)):
            yield AuditEntry(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


@dataclass(frozen=True)
class LinkStore:
    """Provenance on one connection: which record was made from which."""

    connection: Connection

    def add(self, new: list[Link]) -> None:
        """Keep the links; one that is already there stays as it is."""
        if not new:
            return
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(links).on_conflict_do_nothing()
        self.connection.execute(statement, [plain_object(link) for link in new])

    def list_sources(self, made: str) -> list[Link]:
        """What a record was made from, ordered by relation and id."""
        query = select(links).where(links.c.made == made).order_by(links.c.relation, links.c.source)
        return [Link(**row._mapping) for row in self.connection.execute(query)]  # noqa: SLF001 - public name

    def list_made(self, source: str) -> list[Link]:
        """What was made from a record, ordered by relation and id."""
        query = select(links).where(links.c.source == source).order_by(links.c.relation, links.c.made)
        return [Link(**row._mapping) for row in self.connection.execute(query)]  # noqa: SLF001 - public name
