"""What a step of a recipe is that is no check: it changes records one by one, or chooses which ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.registry import Registry
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import Gathered


@dataclass(frozen=True, kw_only=True)
class SourceRanges:
    """Which ordinals belong to which source of the recipe: `starts` are the first of each, in order."""

    names: tuple[str, ...]
    starts: tuple[int, ...]

    def places(self, ordinals: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of each record's source among `names`."""
        return np.searchsorted(np.asarray(self.starts, np.int64), np.asarray(ordinals, np.int64), "right") - 1


class Step(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings. Each is also a MapStep or a ChooseStep."""

    version: ClassVar[int]


@runtime_checkable
class MapStep(Step, Protocol):
    """Changes records, each by itself alone."""

    def apply(self, batch: Batch) -> Batch:
        """The batch with the same rows, some of their records changed."""
        ...


@runtime_checkable
class ChooseStep(Step, Protocol):
    """Chooses, from all records, which ones are left out."""

    def gather(self, batch: Batch, sources: SourceRanges) -> pa.RecordBatch:
        """What it must know of each record: small columns, `ordinal` first."""
        ...

    def choose(self, gathered: Gathered, sources: SourceRanges) -> NDArray[np.int64]:
        """The ordinals of the records that are left out, sorted; the same for the same records."""
        ...


steps: Registry[Step] = Registry(kind="step", folder="preceptor.datasets.steps")
