"""The records of another dataset version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from preceptor.datasets.batch import Batch, iter_batches
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.source import BadSourceRow, SourceContext, SourceInput
from preceptor.datasets.types import DatasetSource, Record, SplitName


@dataclass(frozen=True, kw_only=True)
class Version:
    """The records of a version, named by its id or as the newest of a dataset; with `splits` only those.

    The version becomes a parent of the one that is built. With `keep_splits` records stay in their splits until
    a step divides them anew.

    >>> Version(dataset="support", splits=("train",)).dataset
    'support'
    """

    version: ClassVar[int] = 1
    dataset: str
    splits: tuple[SplitName, ...] = ()
    keep_splits: bool = True
    name: str = ""

    def inputs(self, context: SourceContext) -> tuple[SourceInput, ...]:
        """The version as it is found now."""
        found = context.find_version(self.dataset)
        said = DatasetSource(name=self.name or self.dataset, kind="version", version=found.id)
        return (SourceInput(said, path=found.folder),)

    def read(self, given: SourceInput, context: SourceContext) -> Iterator[Batch | BadSourceRow]:  # noqa: ARG002 - found before
        """The records, in the order of the version's files."""
        yield from iter_batches(self._records(Path(given.path)))

    def _records(self, folder: Path) -> Iterator[Record]:
        for record in read_version_records(folder):
            if not self.splits or record.split in self.splits:
                yield record if self.keep_splits else replace(record, split=None)
