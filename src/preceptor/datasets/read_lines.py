"""The lines of a file as bytes, none longer than a record may be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

from preceptor.core.rows import MAX_LINE_CHARACTERS as MAX_LINE_BYTES

__all__ = ["MAX_LINE_BYTES", "Line", "iter_lines"]

CHUNK_BYTES = 1 << 20


class Line(NamedTuple):
    """A line without its end; `text` is None for one that is too long."""

    number: int
    text: bytes | None


def iter_lines(stream: io.BufferedIOBase, max_bytes: int = MAX_LINE_BYTES) -> Iterator[Line]:
    """The lines that are not empty, numbered from 1; a byte order mark at the start is passed over.

    One chunk and one line are in memory, however long a line is.
    """
    number, rest, is_too_long = 0, b"", False
    chunk = stream.read(CHUNK_BYTES).removeprefix(b"\xef\xbb\xbf")
    while chunk:
        first, *lines = chunk.split(b"\n")
        if not lines:
            is_too_long = is_too_long or len(rest) + len(first) > max_bytes
            rest = b"" if is_too_long else rest + first
            chunk = stream.read(CHUNK_BYTES)
            continue
        last = lines.pop()
        for line in (rest + first, *lines):
            number += 1
            if is_too_long or len(line) > max_bytes:
                yield Line(number, None)
                is_too_long = False
            elif line and not line.isspace():
                yield Line(number, line)
        rest = last
        chunk = stream.read(CHUNK_BYTES)
    if is_too_long or len(rest) > max_bytes:
        yield Line(number + 1, None)
    elif rest and not rest.isspace():
        yield Line(number + 1, rest)
