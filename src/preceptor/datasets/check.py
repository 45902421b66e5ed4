"""What a data check is: it reads all records and returns those it objects to, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

import pyarrow as pa

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.datasets.batch import Batch
from preceptor.datasets.types import CheckFinding, Fix, Record


@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """What a check may compare with.

    `eval_texts` are the texts of the eval cases, by id. `before` and `production` count the records of
    the version before, and the production traces, by field and value; None where there is none.
    """

    eval_texts: dict[str, str] = field(default_factory=dict)
    before: dict[str, dict[str, int]] | None = None
    production: dict[str, dict[str, int]] | None = None


class Check(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings.

    Each check is also a RecordCheck or a SetCheck. `fix` says what can be done about a finding:
    `drop` the record, `mend` it (the check then is a Mender), or `none`.
    """

    version: ClassVar[int]
    fix: ClassVar[Fix]

    def missing(self, context: CheckContext) -> str | None:
        """What it lacks to say anything; None when it can check."""
        ...


@runtime_checkable
class RecordCheck(Check, Protocol):
    """A check that judges each record alone: the same finding in whatever company the record stands."""

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:
        """The records it objects to, in the order of the batch, each with its ordinal as `index`; one a record."""
        ...


class Gathered(Protocol):
    """What `gather` gave for all records, on disk and read in parts."""

    @property
    def num_records(self) -> int:
        """How many records were looked at."""
        ...

    def parts(self, by: str | None = None) -> Iterator[pa.Table]:
        """The gathered rows in tables that fit in memory, empty ones left out.

        Without `by`, in order of ordinal. With `by`, the name of a uint64 column: all rows of one value stand
        in one table, each table in order of ordinal.
        """
        ...

    def batches(self, ordinals: Sequence[int] | None = None) -> Iterator[Batch]:
        """The records again, in order of ordinal; only those of `ordinals` (sorted) where given."""
        ...


class Conclusion(NamedTuple):
    """What a check over the whole set found, and what it measured; a `reason` says why it could not look."""

    findings: Iterable[CheckFinding]
    figures: JsonObject = {}  # noqa: RUF012 - a named tuple's default, never written to
    reason: str = ""


@runtime_checkable
class SetCheck(Check, Protocol):
    """A check that compares records with each other."""

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:
        """What it must know of each record: small columns, `ordinal` first; any number of rows a record."""
        ...

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:
        """The records it objects to, in any order, at most one finding a record."""
        ...


@runtime_checkable
class Mender(Protocol):
    """A check that can mend what it objects to."""

    def mend(self, record: Record, finding: CheckFinding) -> Record:
        """The record without the fault; its id follows from its new content."""
        ...


checks: Registry[Check] = Registry(kind="check", folder="preceptor.datasets.checks")
