"""The one front door: a workspace, one method a use case, one method one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from preceptor.core.clock import Clock, system_clock
from preceptor.core.errors import ConflictError, InputError, NotFoundError
from preceptor.core.ids import canonical_json, content_id, new_id, plain_object
from preceptor.core.json_values import JsonObject
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.definitions import Definitions
from preceptor.governance.audit import verify
from preceptor.governance.store import AuditStore, LinkStore
from preceptor.governance.types import AuditReport, Link
from preceptor.lineage import Lineage, trace_back, trace_forward
from preceptor.settings import Settings, load_settings
from preceptor.storage.blobs import BlobStore
from preceptor.storage.database import Database, open_database
from preceptor.storage.migrate import require_current, upgrade
from preceptor.traces.detect import choose_format
from preceptor.traces.ingest import ingest
from preceptor.traces.store import TraceFilter, TraceStore
from preceptor.traces.types import IngestReport, Trace
from preceptor.workspace_folder import DEFAULT_TEMPLATE, lay_out


@dataclass
class _Change:
    """One state change under way: its connection, and what the audit log will say of it."""

    connection: Connection
    subject: str = ""
    details: JsonObject = field(default_factory=dict)


class Workspace:
    """A folder of definitions with its database: everything that a user can do, by name."""

    def __init__(self, settings: Settings, database: Database, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.folder = settings.folder
        self.definitions = Definitions(folder=settings.folder)
        self.blobs = BlobStore(folder=settings.folder / "blobs")

    # The folder

    @classmethod
    def init(cls, folder: Path, template: str = DEFAULT_TEMPLATE, clock: Clock = system_clock) -> Workspace:
        """A new workspace in a new folder, from a template; ConflictError when something is there."""
        lay_out(folder, template, folder.resolve().name)
        settings = load_settings(folder)
        database = open_database(settings.database_url.reveal())
        upgrade(database)
        workspace = cls(settings, database, clock)
        with workspace._change("workspace.init") as change:
            change.subject, change.details = settings.name, {"template": template}
        return workspace

    @classmethod
    def open(cls, folder: Path, clock: Clock = system_clock) -> Workspace:
        """The workspace in a folder.

        Raises NotFoundError when there is none, ConflictError when its tables are older or newer
        than this program's.
        """
        settings = load_settings(folder)
        database = open_database(settings.database_url.reveal())
        require_current(database)
        return cls(settings, database, clock)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Traces

    def import_traces(
        self, path: Path, format_name: str | None = None, mapping: Path | None = None, *, strict: bool = False
    ) -> IngestReport:
        """Keep the traces of a file, redacted before the first write; what could not be read is in the report."""
        document = read_document(mapping) if mapping else None
        payload_format = choose_format(path, format_name, document)
        with self._change("traces.import") as change:
            report = ingest(path, payload_format, TraceStore(change.connection), strict=strict)
            change.subject = str(path.name)
            change.details = {
                "format": report.format,
                "read": report.num_read,
                "added": report.num_added,
                "already_there": report.num_already_there,
                "rejected": len(report.rejected),
            }
        return report

    # The audit log and provenance

    def verify_audit(self, root: str | None = None) -> AuditReport:
        """What verification of the audit log found, against a root that was kept elsewhere if one is given."""
        with self.database.read() as connection:
            return verify(AuditStore(connection).iter_all(), root)

    def lineage(self, record: str, *, forward: bool = False) -> Lineage:
        """What a record came from, or with `forward` all that came of it."""
        with self.database.read() as connection:
            return trace_forward(connection, record) if forward else trace_back(connection, record)

    # Inside

    @contextmanager
    def _change(self, action: str) -> Iterator[_Change]:
        """One transaction with its audit entry: both are kept or neither is."""
        with self.database.write() as connection:
            change = _Change(connection=connection)
            yield change
            AuditStore(connection).add(
                at=self.clock(),
                actor=self.settings.actor,
                action=action,
                subject=change.subject,
                details=change.details,
            )
