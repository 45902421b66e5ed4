"""The one front door: a workspace, one method a use case, one method one transaction."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from preceptor.core.clock import Clock, system_clock
from preceptor.governance.audit import verify
from preceptor.governance.store import AuditStore
from preceptor.governance.types import AuditReport
from preceptor.lineage import Lineage, trace_back, trace_forward
from preceptor.settings import load_settings
from preceptor.storage.database import open_database
from preceptor.storage.migrate import require_current, upgrade
from preceptor.workspace.core import Core
from preceptor.workspace_folder import DEFAULT_TEMPLATE, lay_out

# Each part is imported when it is first used: a run of a suite needs neither pyarrow nor scipy.
if TYPE_CHECKING:
    from preceptor.workspace.datasets import Datasets
    from preceptor.workspace.evals import Evals
    from preceptor.workspace.exchange import Exchange
    from preceptor.workspace.gates import Gates
    from preceptor.workspace.judges import Judges
    from preceptor.workspace.labels import Labels
    from preceptor.workspace.registry import Registry
    from preceptor.workspace.synthesis import Synthesis
    from preceptor.workspace.traces import Traces


class Workspace(Core):
    """A folder of definitions with its database: everything that a user can do, by capability and name."""

    @classmethod
    def init(cls, folder: Path, template: str = DEFAULT_TEMPLATE, clock: Clock = system_clock) -> Workspace:
        """A new workspace in a new folder, from a template; ConflictError when something is there."""

        def prepare(draft: Path) -> None:
            cls.upgrade(draft)
            with cls.open(draft, clock) as workspace, workspace.change("workspace.init") as change:
                change.subject, change.details = workspace.settings.name, {"template": template}

        lay_out(folder, template, folder.resolve().name, prepare)
        return cls.open(folder, clock)

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

    @classmethod
    def upgrade(cls, folder: Path) -> tuple[str | None, str]:
        """Bring the workspace's tables to this program's; the revisions before and after."""
        database = open_database(load_settings(folder).database_url.reveal())
        try:
            return upgrade(database)
        finally:
            database.close()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def traces(self) -> Traces:
        """Traces and triage."""
        from preceptor.workspace.traces import Traces  # noqa: PLC0415 - imported when used

        return Traces(self)

    @cached_property
    def labels(self) -> Labels:
        """Label tasks, answers and labels."""
        from preceptor.workspace.labels import Labels  # noqa: PLC0415 - imported when used

        return Labels(self)

    @cached_property
    def datasets(self) -> Datasets:
        """Dataset versions."""
        from preceptor.workspace.datasets import Datasets  # noqa: PLC0415 - imported when used

        return Datasets(self)

    @cached_property
    def registry(self) -> Registry:
        """Stages, numbers and withdrawn records of dataset versions."""
        from preceptor.workspace.registry import Registry  # noqa: PLC0415 - imported when used

        return Registry(self)

    @cached_property
    def synthesis(self) -> Synthesis:
        """Training records that a model writes."""
        from preceptor.workspace.synthesis import Synthesis  # noqa: PLC0415 - imported when used

        return Synthesis(self)

    @cached_property
    def evals(self) -> Evals:
        """Suites and runs."""
        from preceptor.workspace.evals import Evals  # noqa: PLC0415 - imported when used

        return Evals(self)

    @cached_property
    def exchange(self) -> Exchange:
        """Runs and cases of other tools, and pages for people."""
        from preceptor.workspace.exchange import Exchange  # noqa: PLC0415 - imported when used

        return Exchange(self)

    @cached_property
    def judges(self) -> Judges:
        """Judges compared with people."""
        from preceptor.workspace.judges import Judges  # noqa: PLC0415 - imported when used

        return Judges(self)

    @cached_property
    def gates(self) -> Gates:
        """Verdicts and reports."""
        from preceptor.workspace.gates import Gates  # noqa: PLC0415 - imported when used

        return Gates(self)

    def verify_audit(self, root: str | None = None) -> AuditReport:
        """What verification of the audit log found, against a root that was kept elsewhere if one is given."""
        with self.database.read() as connection:
            return verify(AuditStore(connection).iter_all(), root)

    def lineage(self, record: str, *, forward: bool = False) -> Lineage:
        """What a record came from, or with `forward` all that came of it."""
        with self.database.read() as connection:
            return trace_forward(connection, record) if forward else trace_back(connection, record)
