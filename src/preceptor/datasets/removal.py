"""Records that an earlier pass decided to leave out, taken away where the next pass reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from preceptor.datasets.shards import Shard, rows_between


@dataclass(frozen=True, kw_only=True)
class Removal:
    """The records with the ordinals that stand in `found`, which are sorted by it.

    Leaving records out this way is cheap: the files that hold them need not be written again.
    """

    found: tuple[Shard, ...]

    def apply(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows that stay."""
        if rows.num_rows == 0:
            return rows
        ordinals = rows.column("ordinal")
        low, high = ordinals[0].as_py(), ordinals[-1].as_py()
        removed = [some.column("ordinal") for some in rows_between(self.found, low, high, ["ordinal"])]
        if not removed:
            return rows
        is_removed = np.isin(ordinals.to_numpy(), np.concatenate([some.to_numpy() for some in removed]))
        return rows.filter(pc.invert(pa.array(is_removed)))


def without(rows: pa.RecordBatch, removals: Sequence[Removal]) -> pa.RecordBatch:
    """The rows that no removal takes away."""
    for removal in removals:
        rows = removal.apply(rows)
    return rows
