"""Run data checks over records that are in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch, iter_batches
from preceptor.datasets.check import Check, CheckContext, Conclusion, RecordCheck, SetCheck, checks
from preceptor.datasets.types import CheckFinding, CheckResult, Record


@dataclass(frozen=True, kw_only=True)
class CheckEntry:
    """One check to run: its `kind`, its settings, and what an objection does.

    With `fix`, the records it objects to are mended or left out first. What then stands blocks the
    commit, with `blocks`, when it is more than `max_share` of the records.
    """

    kind: str
    blocks: bool = True
    fix: bool = False
    max_share: float = 0.0
    settings: JsonObject = field(default_factory=dict)


DEFAULT_ENTRIES = tuple(
    CheckEntry(kind=kind)
    for kind in ("schema", "exact_duplicate", "split_leakage", "eval_contamination", "personal_data")
)


@dataclass(frozen=True)
class GatheredHere:
    """What a check gathered, in memory."""

    all_batches: Sequence[Batch]
    rows: Sequence[pa.RecordBatch]

    @property
    def num_records(self) -> int:
        """How many records were looked at."""
        return sum(map(len, self.all_batches))

    @cached_property
    def _table(self) -> pa.Table:
        return pa.Table.from_batches(self.rows) if self.rows else pa.table({"ordinal": pa.array([], pa.int64())})

    def parts(self, by: str | None = None) -> Iterator[pa.Table]:  # noqa: ARG002 - all rows stand in one part
        """All rows in one table."""
        if self._table.num_rows:
            yield self._table

    def batches(self, ordinals: Sequence[int] | None = None) -> Iterator[Batch]:
        """The records again, or those chosen."""
        wanted = None if ordinals is None else pa.array(ordinals, pa.int64())
        for batch in self.all_batches:
            if wanted is None:
                yield batch
                continue
            chosen = batch.table.filter(pc.is_in(batch.table.column("ordinal"), wanted))
            if chosen.num_rows:
                yield Batch(chosen)


def run_checks(
    records: Sequence[Record], entries: Sequence[CheckEntry], context: CheckContext
) -> tuple[CheckResult, ...]:
    """What each check found, in the order of the entries; nothing is fixed.

    Raises InputError for an unknown check or wrong settings, before any check runs.
    """
    made = [(entry, checks.create(entry.kind, entry.settings)) for entry in entries]
    batches = list(iter_batches(records))
    return tuple(_result(entry, check, batches, context) for entry, check in made)


def conclude_check(check: Check, batches: Sequence[Batch], context: CheckContext) -> Conclusion:
    """What a check of either sort finds in these batches, findings in order of the records."""
    if isinstance(check, RecordCheck):
        return Conclusion([finding for batch in batches for finding in check.find(batch, context)])
    if not isinstance(check, SetCheck):
        raise InputError(f"{type(check).__name__} has neither find nor gather and conclude; give it one of them")
    gathered = GatheredHere(batches, [check.gather(batch, context) for batch in batches])
    found = check.conclude(gathered, context)
    return found._replace(findings=sorted(found.findings, key=_place))


def find_in(check: Check, records: Iterable[Record], context: CheckContext) -> list[CheckFinding]:
    """What one check finds in some records, in their order."""
    return list(conclude_check(check, list(iter_batches(records)), context).findings)


def _result(entry: CheckEntry, check: Check, batches: Sequence[Batch], context: CheckContext) -> CheckResult:
    identity = checks.identify(check)
    missing = check.missing(context)
    found = Conclusion((), reason=missing) if missing else conclude_check(check, batches, context)
    return CheckResult(
        check=identity.name,
        version=identity.version,
        settings=identity.settings,
        num_checked=0 if found.reason else sum(map(len, batches)),
        findings=tuple(found.findings),
        blocks=entry.blocks,
        reason=found.reason,
        max_share=entry.max_share,
        figures=found.figures,
    )


def _place(finding: CheckFinding) -> tuple[int, str]:
    return (-1 if finding.index is None else finding.index), finding.record_id
