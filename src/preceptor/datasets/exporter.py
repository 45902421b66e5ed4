"""What an exporter is: it writes records in the format of somebody's trainer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, runtime_checkable

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.datasets.training_limits import TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class ExportForm:
    """How the rows stand in the file, and what its reader takes.

    `layout`: one JSON object a line, or one JSON array. `late_columns`: columns that a row may lack or
    leave empty, of a file whose reader works out the columns from the first rows: one that fills
    them, or has turns with tools, has to come first.
    """

    layout: Literal["lines", "array"] = "lines"
    late_columns: tuple[str, ...] = ()
    limits: TrainingLimits = field(default_factory=TrainingLimits)


class Exporter(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]
    form: ClassVar[ExportForm]

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The record as rows: none when the format has no place for it, several where one record says several things.

        Raises InputError, naming the record, when it breaks a rule of the format.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class TrainerConfig:
    """What a trainer must be told of an exported file: the name of the file that tells it, and its content.

    An object is written as YAML or JSON by the ending of the name, a text as it is.
    """

    file_name: str
    content: JsonObject | str


@runtime_checkable
class Configured(Exporter, Protocol):
    """An exporter whose trainer wants a description beside the file."""

    def config(self, file_name: str) -> TrainerConfig | None:
        """The description of an export of this name, which lies in the same folder; None when there is none to give."""
        ...


exporters: Registry[Exporter] = Registry(kind="exporter", folder="preceptor.datasets.exporters")
