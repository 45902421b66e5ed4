"""Rows of numbers of different lengths that are written to a temporary file and read through a map of it."""

from __future__ import annotations

import mmap
import tempfile
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from preceptor.core.errors import StorageError


class SpilledRows:
    """Appended row by row, then read; in memory stand only the offsets, and what was read since `forget`.

    The file has no name, so it is gone with the process.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._dtype = np.dtype(dtype)
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._sizes: list[NDArray[np.int64]] = []
        self._map: mmap.mmap | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, offsets: NDArray[np.int64], values: NDArray[np.generic]) -> None:
        """Append rows: row `i` is `values[offsets[i]:offsets[i + 1]]`. Raises StorageError when the disk is full."""
        self._sizes.append(np.diff(offsets))
        try:
            self._file.write(np.ascontiguousarray(values[offsets[0] : offsets[-1]], self._dtype).data)
        except OSError as error:
            message = f"no room for temporary files in {tempfile.gettempdir()!r} ({error.strerror}); set TMPDIR"
            raise StorageError(message) from error

    def offsets(self) -> NDArray[np.int64]:
        """Where each row begins, and where the last ends."""
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(np.concatenate([np.empty(0, np.int64), *self._sizes]))))

    def values(self) -> NDArray[np.generic]:
        """All values, as a map of the file; read-only."""
        try:
            self._file.flush()
        except OSError as error:
            message = f"no room for temporary files in {tempfile.gettempdir()!r} ({error.strerror}); set TMPDIR"
            raise StorageError(message) from error
        if not self._file.seek(0, 2):
            return np.empty(0, self._dtype)
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(self._map, self._dtype)

    def forget(self) -> None:
        """Give the memory of what was read back to the system; it can be read again."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)
