"""Arrow rows in files: what the passes of a build read and write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import ipc

from preceptor.core.errors import StorageError
from preceptor.core.files import explain

# Batches smaller than this are joined before they are written, for every batch costs about a kilobyte.
MIN_ROWS = 1_024
_OPTIONS = ipc.IpcWriteOptions(compression="lz4", use_threads=False)


@dataclass(frozen=True, kw_only=True)
class Shard:
    """A file of Arrow batches (the IPC file format, LZ4).

    `num_rows` are the rows of each batch. Where the rows have a column `ordinal` that never falls, `firsts` and
    `lasts` hold the ordinals with which each batch begins and ends.
    """

    path: str
    num_rows: tuple[int, ...]
    firsts: tuple[int, ...] = ()
    lasts: tuple[int, ...] = ()

    def __len__(self) -> int:
        return sum(self.num_rows)


class ShardWriter:
    """Writes batches of one schema to a file; without any row there is no file.

    The file appears under its name when the block ends well, else not at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: list[pa.RecordBatch] = []
        self._writer: ipc.RecordBatchFileWriter | None = None
        self._file: pa.OSFile | None = None
        self._num_rows: list[int] = []
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.abandon()

    def finish(self) -> Shard | None:
        """Let the file appear; what it holds, or None for no rows. Raises StorageError when the disk refuses."""
        try:
            self._flush()
            self._close()
            if self._num_rows:
                self._part.replace(self.path)
        except OSError as error:
            self.abandon()
            raise explain(error, self.path) from error
        return self.shard()

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self._close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    def write(self, rows: pa.RecordBatch) -> None:
        """Add some rows. Raises StorageError when the disk refuses."""
        if rows.num_rows == 0:
            return
        self._waiting.append(rows)
        if sum(some.num_rows for some in self._waiting) >= MIN_ROWS:
            self._flush()

    def shard(self) -> Shard | None:
        """What was written, after the block; None for no rows."""
        if not self._num_rows:
            return None
        firsts, lasts = tuple(self._firsts), tuple(self._lasts)
        return Shard(path=str(self.path), num_rows=tuple(self._num_rows), firsts=firsts, lasts=lasts)

    @property
    def _part(self) -> Path:
        return self.path.with_name(f".{self.path.name}.part")

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = self._waiting[0] if len(self._waiting) == 1 else pa.concat_batches(self._waiting)
        self._waiting = []
        try:
            if self._writer is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = pa.OSFile(str(self._part), "wb")
                self._writer = ipc.new_file(self._file, rows.schema, options=_OPTIONS)
            self._writer.write_batch(rows)
        except OSError as error:
            raise explain(error, self.path) from error
        self._num_rows.append(rows.num_rows)
        if "ordinal" in rows.schema.names:
            ordinals = rows.column("ordinal")
            self._firsts.append(ordinals[0].as_py())
            self._lasts.append(ordinals[-1].as_py())

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        if self._file is not None:
            self._file.close()


def iter_rows(
    shard: Shard, columns: Sequence[str] | None = None, numbers: Sequence[int] | None = None
) -> Iterator[pa.RecordBatch]:
    """The batches of a shard in order: all of them, or those with these numbers; only some columns where given.

    Raises StorageError when the file is gone or damaged.
    """
    try:
        with pa.OSFile(shard.path) as file:
            fields = None if columns is None else _places(file, columns)
            reader = ipc.open_file(file, options=ipc.IpcReadOptions(included_fields=fields, use_threads=False))
            for number in range(reader.num_record_batches) if numbers is None else numbers:
                yield reader.get_batch(number)
    except (OSError, pa.ArrowInvalid) as error:
        raise StorageError(f"cannot read {shard.path!r}: {error}; run the build again") from error


def rows_between(
    shards: Sequence[Shard], first: int, last: int, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows with an ordinal from `first` to `last`, in order."""
    for shard in shards:
        numbers = [
            number
            for number, (low, high) in enumerate(zip(shard.firsts, shard.lasts, strict=True))
            if low <= last and high >= first
        ]
        for rows in iter_rows(shard, columns, numbers) if numbers else ():
            ordinals = rows.column("ordinal")
            chosen = rows.filter(pc.and_(pc.greater_equal(ordinals, first), pc.less_equal(ordinals, last)))
            if chosen.num_rows:
                yield chosen


def holding(shard: Shard, ordinals: NDArray[np.int64]) -> list[int]:
    """The numbers of the batches that may hold one of the sorted ordinals."""
    starts = np.searchsorted(ordinals, np.asarray(shard.firsts, np.int64), side="left")
    ends = np.searchsorted(ordinals, np.asarray(shard.lasts, np.int64), side="right")
    return [int(number) for number in np.flatnonzero(ends > starts)]


def num_rows(shards: Sequence[Shard]) -> int:
    """How many rows stand in all of them."""
    return sum(map(len, shards))


def _places(file: pa.OSFile, columns: Sequence[str]) -> list[int]:
    schema = ipc.open_file(file).schema
    file.seek(0)
    return [schema.get_field_index(name) for name in columns]
