"""Daft 0.7.26 crashed at its interpreter's end in 7 of 294 runs: 200 runs of ours are clean.

A run maps a function over shards and brings rows of equal keys together; its outcome must be that of the local
executor, and the process must end with 0. Exit code 1 when one does not.

    python benchmarks/daft_runs.py              # 200 runs
    python benchmarks/daft_runs.py --runs 10
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from preceptor.datasets.executor import Executor, make_executor, outputs_by_name
from preceptor.datasets.executors.daft import DaftExecutor
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows
from preceptor.datasets.sorted_shards import PLACED, PlaceRows

NUM_RUNS, NUM_SHARDS, NUM_ROWS, NUM_PARTS = 200, 4, 2_000, 5


def write_shards(folder: Path) -> list[Shard]:
    """Rows with ordinals and keys."""
    shards = []
    for number in range(NUM_SHARDS):
        ordinals = range(number * NUM_ROWS, (number + 1) * NUM_ROWS)
        with ShardWriter(folder / f"{number}.arrow") as writer:
            keys = pa.array([one * 2_654_435_761 % 2**32 for one in ordinals], pa.uint64())
            writer.write(pa.record_batch({"ordinal": pa.array(ordinals, pa.int64()), "key": keys}))
        shards += [shard] if (shard := writer.shard()) else []
    return shards


def outcome(executor: Executor, shards: list[Shard], folder: Path) -> list[pa.Table]:
    """The rows that a map and a partition give."""
    bounds = (NUM_ROWS, 3 * NUM_ROWS)
    placed = outputs_by_name(executor.map(shards, PlaceRows(column="ordinal", bounds=bounds), folder / "map"))
    parts = executor.partition(placed[PLACED], "key", NUM_PARTS, folder / "parts")
    return [pa.Table.from_batches(list(iter_rows(shard))) for shard in (*placed[PLACED], *parts)]


def main() -> int:
    """Run, and count; 1 when a run was not clean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=NUM_RUNS)
    num_runs = parser.parse_args().runs
    folder, started = Path(tempfile.mkdtemp(prefix="preceptor_runs_")), time.perf_counter()
    shards = write_shards(folder / "in")
    expected = outcome(make_executor(), shards, folder / "local")
    num_clean = 0
    for number in range(num_runs):
        executor = DaftExecutor()
        found = outcome(executor, shards, folder / f"run{number}")
        num_clean += found == expected and executor.process.close() == 0
        shutil.rmtree(folder / f"run{number}")
    shutil.rmtree(folder)
    print(f"{num_clean} of {num_runs} runs clean, {time.perf_counter() - started:.0f} s")
    return 0 if num_clean == num_runs else 1


if __name__ == "__main__":
    sys.exit(main())
