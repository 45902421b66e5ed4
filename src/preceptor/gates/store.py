"""Verdicts, waivers, sign-offs and releases in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Column, Connection, ForeignKey, String, Table, insert, literal, select, tuple_, update

from preceptor.core.clock import from_text, to_text
from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.pages import DEFAULT_PAGE_SIZE, Page
from preceptor.gates.types import Release, SignOff, Verdict, Waiver
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


@dataclass(frozen=True)
class WaiverStore:
    """Waivers on one connection; they are added and withdrawn, never changed."""

    connection: Connection

    def add(self, waiver: Waiver) -> None:
        """Keep a waiver; ConflictError when its id is there already."""
        row = {
            "id": waiver.id,
            "policy": waiver.policy,
            "record": plain_object(waiver),
            "until": to_text(waiver.until),
            "made_at": to_text(waiver.made_at),
            "withdrawn_at": None,
        }
        self.connection.execute(insert(waivers), [row])

    def get(self, waiver_id: str) -> Waiver:
        """The waiver, withdrawn or not; NotFoundError when there is none of this id."""
        query = select(waivers.c.record).where(waivers.c.id == waiver_id)
        record = self.connection.execute(query).scalar_one_or_none()
        if record is None:
            raise NotFoundError(f"no waiver {waiver_id!r}; check the id")
        return msgspec.convert(record, type=Waiver)

    def list_standing(self, policy: str) -> list[Waiver]:
        """A policy's waivers that were not withdrawn, the ended ones too, in the order given (equal moments by id)."""
        query = select(waivers.c.record).where(waivers.c.policy == policy, waivers.c.withdrawn_at.is_(None))
        records = self.connection.execute(query.order_by(waivers.c.made_at, waivers.c.id)).scalars()
        return [msgspec.convert(record, type=Waiver) for record in records]

    def list_open(self, policy: str, as_of: datetime) -> list[Waiver]:
        """Those that have not ended at this moment."""
        return [waiver for waiver in self.list_standing(policy) if waiver.until > as_of]

    def withdraw(self, waiver_id: str, at: datetime) -> Waiver:
        """The waiver, which no longer counts from this moment; one that was withdrawn already keeps its moment."""
        standing = (waivers.c.id == waiver_id) & waivers.c.withdrawn_at.is_(None)
        self.connection.execute(update(waivers).where(standing).values(withdrawn_at=to_text(at)))
        return self.get(waiver_id)


@dataclass(frozen=True)
class SignOffStore:
    """People's words on verdicts, on one connection; they are added, never changed."""

    connection: Connection

    def add(self, sign_off: SignOff) -> None:
        """Keep a word; ConflictError when its id is there already."""
        row = {
            "id": sign_off.id,
            "verdict_id": sign_off.verdict_id,
            "record": plain_object(sign_off),
            "at": to_text(sign_off.at),
        }
        self.connection.execute(insert(sign_offs), [row])

    def list_for(self, verdict_id: str) -> list[SignOff]:
        """All words on a verdict, in the order said (equal moments by id)."""
        query = select(sign_offs.c.record).where(sign_offs.c.verdict_id == verdict_id)
        records = self.connection.execute(query.order_by(sign_offs.c.at, sign_offs.c.id)).scalars()
        return [msgspec.convert(record, type=SignOff) for record in records]


@dataclass(frozen=True)
class ReleaseStore:
    """Which verdicts' candidates count as released, on one connection."""

    connection: Connection

    def add(self, release: Release) -> Release:
        """The release as kept; one that is there already keeps its first person and moment."""
        kept = self.find(release.verdict_id)
        if kept is not None:
            return kept
        row = {"verdict_id": release.verdict_id, "by": release.by, "at": to_text(release.at)}
        self.connection.execute(insert(releases), [row])
        return release

    def find(self, verdict_id: str) -> Release | None:
        """The verdict's release, or None."""
        query = select(releases.c.by, releases.c.at).where(releases.c.verdict_id == verdict_id)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else Release(verdict_id=verdict_id, by=row.by, at=from_text(row.at))


def _verdict(record: object) -> Verdict:
    """The verdict as it was written."""
    return msgspec.convert(record, type=Verdict)
