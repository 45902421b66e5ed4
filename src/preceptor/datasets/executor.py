"""What runs a function over all batches of a build: on this machine, or spread by a cluster's scheduler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.datasets.shards import Shard


class Output(NamedTuple):
    """Rows that a function gives, under the name of where they belong."""

    name: str
    rows: pa.RecordBatch


class BatchFunction(Protocol):
    """A frozen dataclass that can be pickled: it may run in another process, on another machine."""

    def __call__(self, rows: pa.RecordBatch) -> Iterable[Output]:
        """What follows from some rows alone."""
        ...


class Executor(Protocol):
    """Runs a build's functions; the outcome is the same whichever does."""

    def map(self, shards: Sequence[Shard], function: BatchFunction, folder: Path) -> Iterator[dict[str, Shard]]:
        """For each shard, in order: the function's outputs over its batches, one file a name in `folder`.

        A file appears whole or not at all.
        """
        ...

    def partition(self, shards: Sequence[Shard], by: str, num_parts: int, folder: Path) -> tuple[Shard, ...]:
        """The rows of all shards in up to `num_parts` files: those with equal remainder of the uint64 column `by`.

        Within a part, rows keep the order that they had. Empty parts are left out.
        """
        ...


EXECUTORS = ("local", "daft")


def make_executor(name: str = "local", cluster: str | None = None, threads: int = 1) -> Executor:
    """The executor of a name: `local`, or `daft` on this machine or on the Ray cluster `ray://…`.

    Raises InputError for another name, or for a cluster without Daft.
    """
    # Imported only when asked for: Daft is an extra, and takes a second to import.
    if name == "daft":
        from preceptor.datasets.executors.daft import DaftExecutor  # noqa: PLC0415 - an extra

        return DaftExecutor(cluster=cluster)
    if name != "local":
        raise InputError(f"there is no executor {name!r}; choose one of {', '.join(EXECUTORS)}")
    if cluster is not None:
        raise InputError(f"the executor 'local' uses no cluster, {cluster!r} was given; choose 'daft'")
    from preceptor.datasets.executors.local import LocalExecutor  # noqa: PLC0415 - its twin is an extra

    return LocalExecutor(threads=threads)


def outputs_by_name(done: Iterable[dict[str, Shard]]) -> dict[str, tuple[Shard, ...]]:
    """The shards of each name, in order."""
    found: dict[str, list[Shard]] = {}
    for outputs in done:
        for name, shard in outputs.items():
            found.setdefault(name, []).append(shard)
    return {name: tuple(shards) for name, shards in found.items()}
