"""Verdicts in the database."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, String, Table, insert, literal, select, tuple_

from preceptor.core.clock import to_text
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.gates.types import Verdict
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

waivers = Table(
    "waivers",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("policy", String(200), nullable=False, index=True),
    Column("record", JsonText, nullable=False),
    Column("until", String(40), nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("withdrawn_at", String(40)),
)

sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("verdict_id", String(100), ForeignKey("verdicts.id"), nullable=False, index=True),
    Column("record", JsonText, nullable=False),
    Column("at", String(40), nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("verdict_id", String(100), ForeignKey("verdicts.id"), primary_key=True),
    Column("by", String(200), nullable=False),
    Column("at", String(40), nullable=False),
)


@dataclass(frozen=True)
class VerdictStore:
    """Verdicts on one connection; they are added, never changed."""

    connection: Connection

    def add(self, verdict: Verdict) -> None:
        """Keep a verdict that has its id and its moment; ConflictError when the id is there already."""
        if verdict.id is None or verdict.decided_at is None:
            raise InputError("a verdict is kept with its id and the moment it was decided; set both")
        row = {
            "id": verdict.id,
            "verdict": verdict.verdict,
            "policy_hash": verdict.policy_hash,
            "baseline_run": verdict.baseline_run,
            "candidate_run": verdict.candidate_run,
            "record": plain_object(verdict),
            "decided_at": to_text(verdict.decided_at),
        }
        self.connection.execute(insert(verdicts), [row])

    def get(self, verdict_id: str) -> Verdict:
        """The verdict; NotFoundError when there is none of this id."""
        found = self.find(verdict_id)
        if found is None:
            raise NotFoundError(f"no verdict {verdict_id!r}; check the id")
        return found

    def find(self, verdict_id: str) -> Verdict | None:
        """The verdict, or None."""
        query = select(verdicts.c.record).where(verdicts.c.id == verdict_id)
        record = self.connection.execute(query).scalar_one_or_none()
        return None if record is None else _verdict(record)

    def list_newest(self, *, cursor: str | None = None, limit: int = DEFAULT_PAGE_SIZE) -> Page[Verdict]:
        """One page, the newest first (equal moments by id); `cursor` is the page before's `next_cursor`."""
        query = select(verdicts.c.record).order_by(verdicts.c.decided_at.desc(), verdicts.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            seen = select(verdicts.c.decided_at).where(verdicts.c.id == cursor).scalar_subquery()
            query = query.where(tuple_(verdicts.c.decided_at, verdicts.c.id) < tuple_(seen, literal(cursor)))
        found = [_verdict(record) for record in self.connection.execute(query).scalars()]
        return Page(items=found[:limit], next_cursor=found[limit - 1].id if len(found) > limit else None)


def _verdict(record: object) -> Verdict:
    """The verdict as it was written."""
    return msgspec.convert(record, type=Verdict)
