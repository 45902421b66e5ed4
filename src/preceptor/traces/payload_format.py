"""What a payload format is: it knows its files and turns their records into traces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.core.rows import BadRow, Row
from preceptor.traces.types import PassedOver, Trace


class PayloadFormat(Protocol):
    """A plugin that reads one format of traces; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def recognises(self, record: JsonObject) -> bool:
        """True when the first record of a file is plainly of this format and of no other."""
        ...

    def read(self, row: Row) -> Iterator[Trace | BadRow | PassedOver]:
        """The traces in one record (an OTLP record holds many), and what could not be read, with the reason.

        Raises InputError when the record as a whole cannot be read; ingest reports it with its number.
        """
        ...


payload_formats: Registry[PayloadFormat] = Registry(kind="payload_format", folder="preceptor.traces.payload_formats")
