"""Put the rows of many shards in order of one column, with one part of them in memory at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.datasets.executor import Executor, Output, outputs_by_name
from preceptor.datasets.shards import Shard, iter_rows, num_rows

ROWS_A_PART = 65_536
SAMPLES_A_PART = 64
PLACED = "placed"
PART = "part"

Bounds = tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceRows:
    """Says of each row into which part it belongs: part `n` holds the values from `bounds[n - 1]` on."""

    column: str
    bounds: Bounds

    def __call__(self, rows: pa.RecordBatch) -> Iterator[Output]:
        """The rows with their part."""
        yield Output(PLACED, with_part(rows, self.column, self.bounds))


def with_part(rows: pa.RecordBatch, column: str, bounds: Bounds) -> pa.RecordBatch:
    """The rows with one more column, `part`: between which of the bounds the value lies."""
    parts = [bisect_right(bounds, value) for value in rows.column(column).to_pylist()]
    return rows.append_column(PART, pa.array(parts, pa.uint64()))


def iter_sorted(shards: Sequence[Shard], column: str, executor: Executor, folder: Path) -> Iterator[pa.Table]:
    """All rows in tables, sorted by a column; rows of equal value stand in the order that they had, in one table.

    Tables hold about 65,536 rows each. `folder` keeps what does not fit in memory.
    """
    bounds = find_bounds(shards, column)
    if not bounds:
        yield from _sorted_table(shards, column)
        return
    placed = outputs_by_name(executor.map(shards, PlaceRows(column=column, bounds=bounds), folder))
    yield from iter_placed(placed[PLACED], column, len(bounds) + 1, executor, folder / "parts")


def iter_placed(
    placed: Sequence[Shard], column: str, num_parts: int, executor: Executor, folder: Path
) -> Iterator[pa.Table]:
    """As `iter_sorted`, for rows that have their part in the column `part` already."""
    for part in executor.partition(placed, PART, num_parts, folder):
        yield from _sorted_table([part], column)


def find_bounds(shards: Sequence[Shard], column: str) -> Bounds:
    """Values that divide the rows into parts of about equal size, from a sample of the rows; none for few rows."""
    total = num_rows(shards)
    num_parts = -(-total // ROWS_A_PART)
    if num_parts <= 1:
        return ()
    step = max(1, total // (num_parts * SAMPLES_A_PART))
    sample = sorted(
        value
        for shard in shards
        for rows in iter_rows(shard, [column])
        for value in rows.column(column).take(pa.array(range(0, rows.num_rows, step))).to_pylist()
    )
    chosen = [sample[len(sample) * part // num_parts] for part in range(1, num_parts)]
    return tuple(sorted(set(chosen)))


def _sorted_table(shards: Sequence[Shard], column: str) -> Iterator[pa.Table]:
    rows = [some for shard in shards for some in iter_rows(shard)]
    if not rows:
        return
    table = pa.Table.from_batches(rows)
    # Arrow's own sort is not stable: the place decides between equal values.
    keys = pa.table({"value": table.column(column), "place": pa.array(range(table.num_rows), pa.int64())})
    yield table.take(pc.sort_indices(keys, [("value", "ascending"), ("place", "ascending")]))
