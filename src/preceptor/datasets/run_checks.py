"""Run data checks over all records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from preceptor.core.json_values import JsonObject
from preceptor.datasets.check import Check, CheckContext, checks
from preceptor.datasets.types import CheckResult, Record


@dataclass(frozen=True, kw_only=True)
class CheckEntry:
    """One check to run: its `kind`, its settings, and whether an objection blocks the commit."""

    kind: str
    blocks: bool = True
    settings: JsonObject = field(default_factory=dict)


DEFAULT_ENTRIES = tuple(
    CheckEntry(kind=kind)
    for kind in ("schema", "exact_duplicate", "split_leakage", "eval_contamination", "personal_data")
)


def run_checks(
    records: Sequence[Record], entries: Sequence[CheckEntry], context: CheckContext
) -> tuple[CheckResult, ...]:
    """What each check found, in the order of the entries.

    Raises InputError for an unknown check or wrong settings, before any check runs.
    """
    made = [(entry, checks.create(entry.kind, entry.settings)) for entry in entries]
    return tuple(_result(entry, check, records, context) for entry, check in made)


def _result(entry: CheckEntry, check: Check, records: Sequence[Record], context: CheckContext) -> CheckResult:
    identity = checks.identify(check)
    missing = check.missing(records, context)
    return CheckResult(
        check=identity.name,
        version=identity.version,
        settings=identity.settings,
        num_checked=0 if missing else len(records),
        findings=() if missing else tuple(check.find(records, context)),
        blocks=entry.blocks,
        reason=missing or "",
    )
