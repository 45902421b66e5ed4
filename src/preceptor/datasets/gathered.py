"""What a check gathered of all records, read back in parts that fit in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from preceptor.datasets.batch import Batch
from preceptor.datasets.executor import Executor
from preceptor.datasets.removal import Removal, without
from preceptor.datasets.shards import Shard, holding, iter_rows, num_rows

ROWS_A_PART = 500_000


@dataclass(frozen=True, kw_only=True)
class GatheredShards:
    """The gathered `rows` and the `records` they are of, both in files; `removals` are not looked at any more.

    `num_records` were looked at. `folder` keeps the rows by part.
    """

    rows: tuple[Shard, ...]
    records: tuple[Shard, ...]
    removals: tuple[Removal, ...]
    num_records: int
    executor: Executor
    folder: Path

    def parts(self, by: str | None = None) -> Iterator[pa.Table]:
        """The rows, in order of ordinal; with `by`, all rows of one value of that column in one table."""
        num_parts = -(-num_rows(self.rows) // ROWS_A_PART)
        if by is None or num_parts <= 1:
            groups = [[shard] for shard in self.rows] if by is None else [list(self.rows)]
        else:
            place = self.folder / f"by_{by}"
            groups = [[part] for part in self.executor.partition(self.rows, by, num_parts, place)]
        for group in groups:
            table = [some for shard in group for some in iter_rows(shard)]
            if table:
                yield pa.Table.from_batches(table)

    def batches(self, ordinals: Sequence[int] | None = None) -> Iterator[Batch]:
        """The records again, in order; only those of `ordinals` (sorted) where given."""
        wanted = None if ordinals is None else np.asarray(ordinals, np.int64)
        for shard in self.records:
            numbers = None if wanted is None else holding(shard, wanted)
            for found in iter_rows(shard, numbers=numbers) if numbers != [] else ():
                rows = found
                if wanted is not None:
                    rows = rows.filter(pa.array(np.isin(rows.column("ordinal").to_numpy(), wanted)))
                rows = without(rows, self.removals)
                if rows.num_rows:
                    yield Batch(rows)
