"""What every part of a workspace stands on: its folder, its database, and one transaction a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from preceptor import settings as environment
from preceptor.core.clock import Clock, system_clock
from preceptor.core.documents import Document
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject
from preceptor.definitions import Definitions
from preceptor.governance.store import AuditStore
from preceptor.models.provider import Resources
from preceptor.settings import Settings
from preceptor.storage.blobs import BlobStore
from preceptor.storage.database import Database

Advance = Callable[[int], None]


def nobody(_count: int) -> None:
    """Progress that nobody watches."""


@dataclass
class Change:
    """One state change under way: its connection, and what the audit log will say of it."""

    connection: Connection
    subject: str = ""
    details: JsonObject = field(default_factory=dict)


class Core:
    """The folder of definitions with its database."""

    def __init__(self, settings: Settings, database: Database, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.folder = settings.folder
        self.definitions = Definitions(folder=settings.folder)
        self.blobs = BlobStore(folder=settings.folder / "blobs")
        self.resources = Resources(
            secret=environment.secret,
            cache_folder=settings.cache_folder,
            threads=settings.threads,
            folder=settings.folder,
            clock=clock,
        )

    @contextmanager
    def change(self, action: str) -> Iterator[Change]:
        """One transaction with its audit entry: both are kept or neither is."""
        with self.database.write() as connection:
            change = Change(connection=connection)
            yield change
            AuditStore(connection).add(
                at=self.clock(),
                actor=self.settings.actor,
                action=action,
                subject=change.subject,
                details=change.details,
            )

    def keep(self, document: Document) -> None:
        """Keep what a definition said under its hash, so that records which name the hash can be read for ever."""
        self.blobs.add(canonical_json(document.value))
