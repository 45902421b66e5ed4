"""Write rows so that one with all the columns comes first."""

from __future__ import annotations

import shutil
import tempfile
from types import TracebackType
from typing import IO, Self


class WideRowFirst:
    """A stream of rows whose first wide row, where there is one, stands before all others; they keep their order.

    A reader that works out the columns from the first megabytes of a file would fail on a column
    that comes later. What comes before the first wide row is kept in a temporary file.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._before: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._before = tempfile.TemporaryFile()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None and kind is None:
            self._pour()
        elif self._before is not None:
            self._before.close()

    def write(self, row: bytes, *, is_wide: bool) -> None:
        """Add one row, its line break included."""
        if self._before is None:
            self._stream.write(row)
        elif is_wide:
            self._stream.write(row)
            self._pour()
        else:
            self._before.write(row)

    def _pour(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            with before:
                before.seek(0)
                shutil.copyfileobj(before, self._stream)
