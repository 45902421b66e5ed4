"""What a source of records is, and where sources look things up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.datasets.batch import Batch
from preceptor.datasets.types import DatasetSource, DatasetVersion, Record


class BadSourceRow(NamedTuple):
    """A row that is no record: where it stands, and why not."""

    line: int
    reason: str


class SourceInput(NamedTuple):
    """One thing that a source reads: what it is called, and what tells it from any other content."""

    said: DatasetSource
    path: str = ""
    records: tuple[Record, ...] = ()


class FromLabels(Protocol):
    """Makes records from the labels that a source asks for: `settings` are those of the source `labels`."""

    def __call__(self, settings: JsonObject) -> Sequence[Record]:
        """The records, in an order that does not change while the labels do not."""
        ...


def _no_version(name_or_id: str) -> DatasetVersion:
    raise InputError(f"no dataset version {name_or_id!r} can be looked up here; build in a workspace")


def _no_labels(settings: JsonObject) -> Sequence[Record]:
    raise InputError(f"no labels of {settings.get('rubric')!r} can be looked up here; build in a workspace")


@dataclass(frozen=True, kw_only=True)
class SourceContext:
    """Where a recipe's sources look.

    Paths are relative to `folder`. `objects` is where files from object stores are kept while they are read;
    `storage_options` are for their URLs, as fsspec takes them. `keep` is handed the bytes of images and other files
    that stand in rows, such as `BlobStore.add`. `find_version` and `from_labels` ask the workspace.
    """

    folder: Path = Path()
    objects: Path | None = None
    keep: Callable[[bytes], object] = len
    find_version: Callable[[str], DatasetVersion] = _no_version
    from_labels: FromLabels = _no_labels
    storage_options: JsonObject = field(default_factory=dict)


class Source(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings."""

    version: ClassVar[int]

    def inputs(self, context: SourceContext) -> tuple[SourceInput, ...]:
        """What there is to read, in the order in which it is read."""
        ...

    def read(self, given: SourceInput, context: SourceContext) -> Iterator[Batch | BadSourceRow]:
        """The records of one of the inputs, in its order, whatever their ordinals; bad rows as they are met."""
        ...


sources: Registry[Source] = Registry(kind="source", folder="preceptor.datasets.sources")
