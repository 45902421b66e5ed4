"""What an exporter is: it writes records in the format of somebody's trainer."""

from __future__ import annotations

from typing import ClassVar, Protocol

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.datasets.types import Record


class Exporter(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def row(self, record: Record) -> JsonObject | None:
        """The record as one JSONL row, or None when the format has no place for this kind of record."""
        ...


exporters: Registry[Exporter] = Registry(kind="exporter", folder="preceptor.datasets.exporters")
