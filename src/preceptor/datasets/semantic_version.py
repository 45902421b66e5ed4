"""The number of a dataset version, as it follows from what changed.

The rule, after Semantic Versioning and what Croissant 1.1 says of datasets:

- major: what a program or a person that relied on the version before must look at: another schema, kind
  of record or meaning of labels; a kind that is gone; withdrawn records; another test split.
- minor: records of the other splits were added, removed, changed, moved or labelled anew.
- patch: the records are the same; what is said about them changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from preceptor.core.errors import InputError
from preceptor.datasets.registry_types import Bump
from preceptor.datasets.types import DatasetDiff

FIRST = "1.0.0"
_NUMBER = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The number that the rule gives, and why."""

    number: str
    bump: Bump
    reasons: tuple[str, ...]
    previous: str | None = None


def propose(previous: str | None, diff: DatasetDiff | None) -> Proposal:
    """The next number after `previous`, by what `diff` (from that version to the new one) says.

    The first version of a dataset (None and None) is 1.0.0. Raises InputError for a number that is
    not of the form 1.2.3.
    """
    if previous is None or diff is None:
        return Proposal(number=FIRST, bump="first", reasons=("the first version",))
    major, minor, patch = parse_number(previous)
    if breaking := _breaking(diff):
        return Proposal(number=f"{major + 1}.0.0", bump="major", reasons=breaking, previous=previous)
    if other := _other(diff):
        return Proposal(number=f"{major}.{minor + 1}.0", bump="minor", reasons=other, previous=previous)
    said = _said(diff) or ("the same records under another manifest",)
    return Proposal(number=f"{major}.{minor}.{patch + 1}", bump="patch", reasons=said, previous=previous)


def choose_number(proposal: Proposal, wanted: str | None) -> Proposal:
    """The proposal, or a person's own number where it is not lower: a number can say more, never less.

    Raises InputError for a lower number or one that is not of the form 1.2.3.

    >>> small = Proposal(number="1.1.0", bump="minor", reasons=("2 records added",), previous="1.0.0")
    >>> choose_number(small, "2.0.0").bump
    'major'
    """
    if wanted is None or wanted == proposal.number:
        return proposal
    asked, least = parse_number(wanted), parse_number(proposal.number)
    if asked < least:
        reasons = "; ".join(proposal.reasons)
        raise InputError(f"the number {wanted!r} is too low: {reasons}; write {proposal.number!r} or a higher one")
    by_hand = (*proposal.reasons, f"set by hand; the rule gives {proposal.number}")
    return Proposal(number=wanted, bump=_bump(proposal, wanted), reasons=by_hand, previous=proposal.previous)


def parse_number(text: str) -> tuple[int, int, int]:
    """The three parts of a version number.

    >>> parse_number("1.12.0") > parse_number("1.9.3")
    True
    """
    found = _NUMBER.fullmatch(text)
    if not found:
        raise InputError(f"the version number {text[:40]!r} is not of the form 1.2.3; write three numbers")
    major, minor, patch = found.groups()
    return int(major), int(minor), int(patch)


def count_of(number: int, noun: str) -> str:
    """A count in words.

    >>> count_of(1, "record"), count_of(2, "record")
    ('1 record', '2 records')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _bump(proposal: Proposal, wanted: str) -> Bump:
    """Which part of the number moves when it becomes another one."""
    if proposal.previous is None:
        return "first"
    before, after = parse_number(proposal.previous), parse_number(wanted)
    if after[0] > before[0]:
        return "major"
    return "minor" if after[1] > before[1] else "patch"


def _breaking(diff: DatasetDiff) -> tuple[str, ...]:
    reasons = list(diff.breaking)
    if diff.withdrawn:
        reasons.append(f"{count_of(len(diff.withdrawn), 'record')} withdrawn")
    if diff.num_in_test:
        reasons.append(f"the test split is another: {count_of(diff.num_in_test, 'difference')}")
    return tuple(reasons)


def _other(diff: DatasetDiff) -> tuple[str, ...]:
    counts = (
        (diff.num_added, "added"),
        (diff.num_removed, "removed"),
        (diff.num_changed, "with another answer"),
        (diff.num_flips, "with another label"),
        (diff.num_moved, "in another split"),
    )
    return tuple(f"{count_of(number, 'record')} {what}" for number, what in counts if number)


def _said(diff: DatasetDiff) -> tuple[str, ...]:
    provenance = [
        f"{count_of(number, 'record')} with another {name}" for name, number in sorted(diff.provenance.items())
    ]
    return (*provenance, *(f"another {part} in the manifest" for part in diff.parts))
