"""An entry of the audit log and a link of provenance."""

from __future__ import annotations

from dataclasses import dataclass, field

from preceptor.core.json_values import JsonObject


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One change: who did what to which record, when. `hash` covers all of it and the entry before."""

    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    details: JsonObject
    previous_hash: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class AuditProblem:
    """An entry that is not what was written, and how that shows."""

    sequence: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """What verification found. `root` is the RFC 6962 Merkle root over all entries: keep it elsewhere.

    `root_matches_at` is the number of entries at which the log had the root that was given;
    None when it never had, or when none was given.
    """

    num_entries: int
    root: str
    problems: tuple[AuditProblem, ...] = ()
    root_matches_at: int | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """`made` came from `source`: one step of provenance. `relation` says how."""

    made: str
    relation: str
    source: str
    details: JsonObject = field(default_factory=dict)
