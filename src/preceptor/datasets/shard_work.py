"""The work on one shard, as every executor does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa

from preceptor.datasets.collector_pause import collector_pause
from preceptor.datasets.executor import BatchFunction
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows


def map_shard(shard: Shard, function: BatchFunction, folder: Path, number: int) -> dict[str, Shard]:
    """The function's outputs over a shard's batches, one file a name: `<folder>/<name>/<number>.arrow`."""
    writers: dict[str, ShardWriter] = {}
    with collector_pause(), ExitStack() as stack:
        for rows in iter_rows(shard):
            for name, given in function(rows):
                if name not in writers:
                    writers[name] = stack.enter_context(ShardWriter(folder / name / f"{number:05d}.arrow"))
                writers[name].write(given)
    written = {name: writer.shard() for name, writer in writers.items()}
    return {name: shard for name, shard in sorted(written.items()) if shard is not None}


def iter_pieces(rows: pa.RecordBatch, by: str, num_parts: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of each part, by the remainder of a uint64 column, in the order that they had."""
    parts = (rows.column(by).to_numpy() % np.uint64(num_parts)).astype(np.int64)
    order = np.argsort(parts, kind="stable")
    ordered = rows.take(pa.array(order))
    bounds = np.searchsorted(parts[order], np.arange(num_parts + 1))
    for part in range(num_parts):
        start, end = int(bounds[part]), int(bounds[part + 1])
        if end > start:
            yield part, ordered.slice(start, end - start)
