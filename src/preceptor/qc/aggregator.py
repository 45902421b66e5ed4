"""What an aggregator is: it makes one label of many answers, or says why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from preceptor.core.json_values import JsonValue
from preceptor.core.registry import Registry
from preceptor.qc.types import Label, Unresolved


@dataclass(frozen=True, kw_only=True)
class ItemAnswer:
    """One annotator's answer to one item, as aggregation and agreement read it."""

    item: str
    annotator: str
    value: JsonValue


class Aggregator(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def aggregate(self, answers: Sequence[ItemAnswer]) -> list[Label | Unresolved]:
        """One result an item, in the order in which items first appear."""
        ...


aggregators: Registry[Aggregator] = Registry(kind="aggregator", folder="preceptor.qc.aggregators")
