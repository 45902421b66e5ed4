"""Keeps a share of the records, or a number of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import Gathered
from preceptor.datasets.lottery import lottery_numbers
from preceptor.datasets.step import SourceRanges


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Keeps the records whose ids, hashed with the `seed`, come first: `count` of them, or the `share`.

    The same records are drawn on any machine, and a record that was drawn stays drawn when others are added,
    as far as the count allows.

    >>> Sample(count=100)
    Sample(share=None, count=100, seed=0)
    """

    version: ClassVar[int] = 1
    share: float | None = None
    count: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if (self.share is None) == (self.count is None):
            raise InputError(f"share is {self.share!r} and count is {self.count!r}; give one of the two")
        if self.share is not None and not 0 < self.share <= 1:
            raise InputError(f"share is {self.share!r}; give a number above 0, up to 1")
        if self.count is not None and self.count < 1:
            raise InputError(f"count is {self.count!r}; give a whole number from 1")

    def gather(self, batch: Batch, sources: SourceRanges) -> pa.RecordBatch:  # noqa: ARG002 - whatever the source
        """Each record's number in the lottery."""
        drawn = lottery_numbers(batch.ids, self.seed)
        return pa.record_batch({"ordinal": batch.table.column("ordinal"), "drawn": drawn})

    def choose(self, gathered: Gathered, sources: SourceRanges) -> NDArray[np.int64]:  # noqa: ARG002 - as above
        """Those with the higher numbers."""
        parts = list(gathered.parts())
        if not parts:
            return np.empty(0, np.int64)
        rows = pa.concat_tables(parts)
        ordinals, drawn = rows.column("ordinal").to_numpy(), rows.column("drawn").to_numpy()
        num_kept = self.count if self.share is None else round(self.share * len(ordinals))
        return np.sort(ordinals[np.lexsort((ordinals, drawn))[num_kept:]])
