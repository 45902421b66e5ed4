"""Run a build by Daft: on this machine, or on a Ray cluster (the extra `cluster`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from preceptor.core.errors import InputError
from preceptor.datasets.executor import BatchFunction
from preceptor.datasets.executors.daft_job import MapJob, PartitionJob
from preceptor.datasets.executors.daft_process import DaftProcess
from preceptor.datasets.shards import Shard


@dataclass(frozen=True, kw_only=True)
class DaftExecutor:
    """Daft schedules the shards, and shuffles the rows that belong together.

    `cluster` is the address of a Ray cluster (`ray://host:10001`, or `host:6379`); None is this machine. Every
    worker must see the build's folder under the same path. The work is done in a process of its own: Daft 0.7.26
    can crash when its interpreter ends, after all is written, and what is written is what counts.
    """

    cluster: str | None = None

    def __post_init__(self) -> None:
        if find_spec("daft") is None:
            raise InputError("the executor 'daft' needs the extra: pip install 'preceptor[cluster]'")

    def map(self, shards: Sequence[Shard], function: BatchFunction, folder: Path) -> Iterator[dict[str, Shard]]:
        """The function's outputs over each shard, in order."""
        job = MapJob(shards=tuple(shards), function=function, folder=str(folder.absolute()))
        yield from cast("list[dict[str, Shard]]", self.process.run(job) if shards else [])

    def partition(self, shards: Sequence[Shard], by: str, num_parts: int, folder: Path) -> tuple[Shard, ...]:
        """The rows by the remainder of a column, each part a file."""
        job = PartitionJob(shards=tuple(shards), by=by, num_parts=num_parts, folder=str(folder.absolute()))
        return cast("tuple[Shard, ...]", self.process.run(job) if shards else ())

    @cached_property
    def process(self) -> DaftProcess:
        """Where Daft runs; it ends with this executor."""
        return DaftProcess(self.cluster)
