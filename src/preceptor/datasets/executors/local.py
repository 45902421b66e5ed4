"""Run a build on this machine: shard by shard, with no more in memory than the batches at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path

import pyarrow as pa

from preceptor.datasets.executor import BatchFunction
from preceptor.datasets.shard_work import iter_pieces, map_shard
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows

# Small batches are cut into parts together: every piece costs about a kilobyte.
ROWS_CUT_AT_ONCE = 16_384


@dataclass(frozen=True, kw_only=True)
class LocalExecutor:
    """Streams; with more than one of `threads`, that many shards at a time (the compiled loops run beside each other).

    The outcome does not depend on `threads`.
    """

    threads: int = 1

    def map(self, shards: Sequence[Shard], function: BatchFunction, folder: Path) -> Iterator[dict[str, Shard]]:
        """The function's outputs over each shard, in order."""
        if self.threads == 1 or len(shards) == 1:
            yield from map(map_shard, shards, repeat(function), repeat(folder), count())
            return
        with ThreadPoolExecutor(self.threads) as pool:
            yield from pool.map(map_shard, shards, repeat(function), repeat(folder), count())

    def partition(self, shards: Sequence[Shard], by: str, num_parts: int, folder: Path) -> tuple[Shard, ...]:
        """The rows by the remainder of a column, each part a file."""
        with ExitStack() as stack:
            writers = [stack.enter_context(ShardWriter(folder / f"{part:05d}.arrow")) for part in range(num_parts)]
            for rows in _joined(shards):
                for part, piece in iter_pieces(rows, by, num_parts):
                    writers[part].write(piece)
        written = (writer.shard() for writer in writers)
        return tuple(shard for shard in written if shard is not None)


def _joined(shards: Sequence[Shard]) -> Iterator[pa.RecordBatch]:
    waiting: list[pa.RecordBatch] = []
    for shard in shards:
        for rows in iter_rows(shard):
            waiting.append(rows)
            if sum(some.num_rows for some in waiting) >= ROWS_CUT_AT_ONCE:
                yield pa.concat_batches(waiting)
                waiting = []
    if waiting:
        yield pa.concat_batches(waiting)
