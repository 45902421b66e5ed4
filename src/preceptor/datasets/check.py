"""What a data check is: it reads all records and returns those it objects to, with evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from preceptor.core.registry import Registry
from preceptor.datasets.types import CheckFinding, Record


@dataclass(frozen=True, kw_only=True)
class CheckContext:
    """What a check may compare with: the texts of the eval cases, by id."""

    eval_texts: dict[str, str]


class Check(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def missing(self, records: Sequence[Record], context: CheckContext) -> str | None:
        """What it lacks to say anything about these records; None when it can check them."""
        ...

    def find(self, records: Sequence[Record], context: CheckContext) -> Iterator[CheckFinding]:
        """The records it objects to, in the order of the records, each with its `index`; one finding a record."""
        ...


checks: Registry[Check] = Registry(kind="check", folder="preceptor.datasets.checks")
