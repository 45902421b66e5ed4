"""Findings in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, ForeignKey, RowMapping, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from preceptor.core.errors import NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.registry import PluginIdentity
from preceptor.storage.database import JsonText, metadata
from preceptor.triage.types import Finding

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

ROWS_A_FETCH = 500


@dataclass(frozen=True)
class FindingStore:
    """Findings on one connection."""

    connection: Connection

    def add_many(self, new: Sequence[Finding]) -> int:
        """Keep the findings; how many were new. One whose id is already there stays as it is."""
        if not new:
            return 0
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(findings).on_conflict_do_nothing().returning(findings.c.id)
        return len(self.connection.execute(statement, [plain_object(finding) for finding in new]).all())

    def get(self, finding_id: str) -> Finding:
        """The finding; NotFoundError when there is none."""
        found = self.find(finding_id)
        if found is None:
            raise NotFoundError(f"no finding {finding_id!r}; triage the traces first")
        return found

    def find(self, finding_id: str) -> Finding | None:
        """The finding, or None."""
        row = self.connection.execute(select(findings).where(findings.c.id == finding_id)).mappings().one_or_none()
        return None if row is None else _finding(row)

    def list_for_trace(self, trace_id: str) -> list[Finding]:
        """What was found in one trace, ordered by category and id."""
        query = select(findings).where(findings.c.trace_id == trace_id).order_by(findings.c.category, findings.c.id)
        return [_finding(row) for row in self.connection.execute(query).mappings()]

    def iter_all(self, category: str | None = None) -> Iterator[Finding]:
        """Every finding, or those of one category, ordered by trace, category and id, read a few at a time."""
        query = select(findings).order_by(findings.c.trace_id, findings.c.category, findings.c.id)
        if category is not None:
            query = query.where(findings.c.category == category)
        for row in self.connection.execute(query, execution_options={"yield_per": ROWS_A_FETCH}).mappings():
            yield _finding(row)

    def count(self) -> int:
        """How many findings there are."""
        return self.connection.execute(select(func.count()).select_from(findings)).scalar_one()


def _finding(row: RowMapping) -> Finding:
    return Finding(**{**row, "detector": PluginIdentity(**row["detector"])})
