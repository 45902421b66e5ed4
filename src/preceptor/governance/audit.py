"""The audit log: each entry holds the hash of the one before, so no change goes unseen."""

from __future__ import annotations

from collections.abc import Iterable

from preceptor.core.ids import canonical_json, content_hash
from preceptor.core.json_values import JsonObject
from preceptor.governance.merkle import iter_roots, merkle_root
from preceptor.governance.types import AuditEntry, AuditProblem, AuditReport

FIRST_PREVIOUS_HASH = "0" * 64


def next_entry(
    last: AuditEntry | None, *, at: str, actor: str, action: str, subject: str, details: JsonObject
) -> AuditEntry:
    """The entry that follows `last` (None: the log is empty), with its hash."""
    unsigned = AuditEntry(
        sequence=last.sequence + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        details=details,
        previous_hash=last.hash if last else FIRST_PREVIOUS_HASH,
        hash="",
    )
    return AuditEntry(**{**_content(unsigned), "hash": content_hash(_content(unsigned))})  # type: ignore[arg-type]  # its own fields


def verify(entries: Iterable[AuditEntry], root: str | None = None) -> AuditReport:
    """Every entry that was changed, removed, reordered or inserted, named by its number.

    Entries cut off at the end leave a chain that still fits: give the `root` that you kept
    elsewhere, and it is found when the log never had it.
    """
    kept = list(entries)
    problems = [problem for before, entry in _pairs(kept) for problem in _problems(before, entry)]
    roots = [merkle_root([]), *iter_roots(canonical_json(entry) for entry in kept)]
    matches_at = roots.index(root.lower()) if root and root.lower() in roots else None
    if root and matches_at is None:
        problem = f"the log never had the root {root!r}: entries were cut off at the end, or rewritten"
        problems.append(AuditProblem(sequence=len(kept), problem=problem))
    return AuditReport(num_entries=len(kept), root=roots[-1], problems=tuple(problems), root_matches_at=matches_at)


def _pairs(entries: list[AuditEntry]) -> list[tuple[AuditEntry | None, AuditEntry]]:
    before: list[AuditEntry | None] = [None, *entries]
    return list(zip(before, entries, strict=False))


def _problems(before: AuditEntry | None, entry: AuditEntry) -> list[AuditProblem]:
    found: list[str] = []
    expected = before.sequence + 1 if before else 1
    if entry.sequence > expected:
        found.append(f"entries {expected} to {entry.sequence - 1} are missing before it")
    if entry.sequence < expected:
        found.append("it stands twice or out of order")
    if content_hash(_content(entry)) != entry.hash:
        found.append("its content is not what was written: the hash differs")
    if entry.previous_hash != (before.hash if before else FIRST_PREVIOUS_HASH):
        found.append("it does not follow the entry before: that one was changed, removed, moved or inserted")
    return [AuditProblem(sequence=entry.sequence, problem=text) for text in found]


def _content(entry: AuditEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__ if name != "hash"}
