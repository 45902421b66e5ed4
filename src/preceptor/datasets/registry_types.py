"""What the registry of dataset versions keeps: people's words on stages, version numbers, withdrawn records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Stage = Literal["draft", "reviewed", "approved", "withdrawn"]
Bump = Literal["first", "major", "minor", "patch"]
STAGES: tuple[Stage, ...] = ("draft", "reviewed", "approved", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class StageWord:
    """One person's word that a version belongs into a stage, for a role; kept for ever.

    The first word on a version is its maker's, for `draft`.
    """

    id: str
    version_id: str
    stage: Stage
    role: str
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a version stands: the stage it has reached, and the roles that must agree to the next one."""

    stage: Stage
    missing: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangelogEntry:
    """The number of a version and what changed since the one before.

    `number` is semantic (1.2.0), `reasons` say why it moved by `bump`. `changes` are sentences under the headings
    Added, Changed, Fixed, Removed.
    """

    version_id: str
    name: str
    number: str
    bump: Bump
    by: str
    at: datetime
    previous: str | None = None
    reasons: tuple[str, ...] = ()
    changes: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WithdrawnRecord:
    """A record that may not be used any more, and why."""

    record_id: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What the registry knows of a version; the card and the Croissant file that are published say it.

    `changelog` is of the whole dataset up to this version, newest first. `num_withdrawn` of its records were
    withdrawn after it was made.
    """

    standing: Standing
    number: str | None = None
    words: tuple[StageWord, ...] = ()
    changelog: tuple[ChangelogEntry, ...] = ()
    num_withdrawn: int = 0
    url: str = ""
    creator: str = ""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A version that holds withdrawn records: which ones, its stage, and what was made from it."""

    version_id: str
    name: str
    number: str | None
    stage: Stage
    record_ids: tuple[str, ...]
    descendants: tuple[str, ...] = ()
