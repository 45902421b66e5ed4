"""What the process that runs Daft is asked, what it does, and what it answers."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

import pyarrow as pa
from pyarrow import ipc

from preceptor.core.errors import PreceptorError
from preceptor.datasets.executor import BatchFunction
from preceptor.datasets.shard_work import iter_pieces, map_shard
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows

if TYPE_CHECKING:
    from daft import DataFrame


class DaftOutcome(NamedTuple):
    """What a job gave, or which of our errors it raised."""

    given: object = None
    error: PreceptorError | None = None


class DaftJob(Protocol):
    """One thing to be done by Daft; it can be pickled."""

    def run(self) -> object:
        """What it gives. Daft is imported here, and its runner is set."""
        ...


@dataclass(frozen=True, kw_only=True)
class MapJob:
    """A function over shards: each shard is one task."""

    shards: tuple[Shard, ...]
    function: BatchFunction
    folder: str

    def run(self) -> list[dict[str, Shard]]:
        """The outputs of each shard, in order of the shards."""
        import daft  # noqa: PLC0415 - an extra

        function, folder = self.function, Path(self.folder)

        @daft.func(return_dtype=daft.DataType.binary())
        def work(number: int, shard: bytes) -> bytes:
            # Only what this very build has pickled.
            return _answer(lambda: map_shard(pickle.loads(shard), function, folder, number))  # noqa: S301 - see above

        tasks = _tasks(self.shards)
        done = tasks.select(tasks["number"], work(tasks["number"], tasks["shard"]).alias("done")).to_pydict()
        ordered = sorted(zip(done["number"], done["done"], strict=True))
        return [cast("dict[str, Shard]", _given(outputs)) for _, outputs in ordered]


@dataclass(frozen=True, kw_only=True)
class PartitionJob:
    """Rows by the remainder of a column: every shard is cut into pieces, which Daft brings together by part."""

    shards: tuple[Shard, ...]
    by: str
    num_parts: int
    folder: str

    def run(self) -> tuple[Shard, ...]:
        """The file of each part that has rows, in order of the parts."""
        import daft  # noqa: PLC0415 - an extra

        by, num_parts, folder = self.by, self.num_parts, Path(self.folder)
        piece = daft.DataType.struct({"part": daft.DataType.int64(), "rows": daft.DataType.binary()})

        @daft.func(return_dtype=daft.DataType.list(piece))
        def cut(shard: bytes) -> list[dict[str, object]]:
            # Only what this very build has pickled.
            pieces = _cut_shard(pickle.loads(shard), by, num_parts)  # noqa: S301 - see above
            return [{"part": part, "rows": rows} for part, rows in pieces]

        @daft.func(return_dtype=daft.DataType.binary())
        def join(part: int, numbers: list[int], rows: list[bytes]) -> bytes:
            ordered = [some for _, some in sorted(zip(numbers, rows, strict=True))]
            return _answer(lambda: _join_pieces(ordered, folder / f"{part:05d}.arrow"))

        tasks = _tasks(self.shards)
        pieces = tasks.select(tasks["number"], cut(tasks["shard"]).alias("piece")).explode("piece")
        pieces = pieces.select(
            pieces["number"], pieces["piece"].get("part").alias("part"), pieces["piece"].get("rows").alias("rows")
        )
        parts = pieces.groupby("part").agg(pieces["number"].list_agg(), pieces["rows"].list_agg())
        written = parts.select(parts["part"], join(parts["part"], parts["number"], parts["rows"]).alias("shard"))
        done = written.to_pydict()
        ordered = sorted(zip(done["part"], done["shard"], strict=True))
        return tuple(cast("Shard", _given(shard)) for _, shard in ordered)


def _answer(work: Callable[[], object]) -> bytes:
    """What the work gave, or our error: as an exception it would arrive as Daft's own."""
    try:
        return pickle.dumps(DaftOutcome(given=work()))
    except PreceptorError as error:
        return pickle.dumps(DaftOutcome(error=error))


def _given(answer: bytes) -> object:
    # A worker of this build has made it, just now.
    outcome: DaftOutcome = pickle.loads(answer)  # noqa: S301 - see above
    if outcome.error is not None:
        raise outcome.error
    return outcome.given


def _tasks(shards: Sequence[Shard]) -> DataFrame:
    import daft  # noqa: PLC0415 - an extra

    written = {"number": list(range(len(shards))), "shard": [pickle.dumps(shard) for shard in shards]}
    return daft.from_pydict(written).into_partitions(len(shards))


def _cut_shard(shard: Shard, by: str, num_parts: int) -> Iterator[tuple[int, bytes]]:
    """The rows of a shard for each part, as the bytes of an Arrow stream."""
    rows = list(iter_rows(shard))
    if not rows:
        return
    for part, piece in iter_pieces(pa.concat_batches(rows), by, num_parts):
        sink = pa.BufferOutputStream()
        with ipc.new_stream(sink, piece.schema, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_batch(piece)
        yield part, sink.getvalue().to_pybytes()


def _join_pieces(pieces: Sequence[bytes], path: Path) -> Shard | None:
    with ShardWriter(path) as writer:
        for piece in pieces:
            for rows in ipc.open_stream(piece):
                writer.write(rows)
    return writer.shard()
