"""What is to be committed of each batch: records with their part in the order of ids, and what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from preceptor.datasets.batch import Batch
from preceptor.datasets.changed_batch import filtered
from preceptor.datasets.executor import Output
from preceptor.datasets.parquet_columns import uses_tools
from preceptor.datasets.removal import Removal, without
from preceptor.datasets.sorted_shards import PLACED, Bounds, with_part
from preceptor.datasets.step import SourceRanges

FACTS = "facts"
WITHDRAWN = "withdrawn"
_FACT_COLUMNS = ("kind", "split", "source", "has_tools", "has_margin", "num_records")


@dataclass(frozen=True, kw_only=True)
class PlaceRecords:
    """Gives the records that stay, without the withdrawn ones: their rows, and how many there are of what.

    The facts are rows of kind, split, place of the source, whether tools or margins are used, and a count.
    """

    removals: tuple[Removal, ...]
    withdrawn: frozenset[str]
    bounds: Bounds
    sources: SourceRanges

    def __call__(self, rows: pa.RecordBatch) -> Iterator[Output]:
        """The outputs of one batch."""
        batch = Batch(without(rows, self.removals))
        if self.withdrawn:
            gone = [number for number in batch.ids if number in self.withdrawn]
            if gone:
                yield Output(WITHDRAWN, pa.record_batch({"id": pa.array(gone, pa.string())}))
                batch = filtered(batch, [number not in self.withdrawn for number in batch.ids])
        if len(batch):
            yield Output(FACTS, self._facts(batch))
            yield Output(PLACED, with_part(batch.table, "id", self.bounds))

    def _facts(self, batch: Batch) -> pa.RecordBatch:
        places = self.sources.places(batch.ordinals).tolist()
        counts = Counter(
            (record.kind, record.split or "train", place, uses_tools(record), record.margin is not None)
            for place, record in zip(places, batch.records, strict=True)
        )
        rows = [(*fact, count) for fact, count in sorted(counts.items())]
        return pa.record_batch(list(map(pa.array, zip(*rows, strict=True))), names=list(_FACT_COLUMNS))
