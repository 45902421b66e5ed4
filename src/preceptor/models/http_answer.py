"""Read one HTTP/1.1 answer from the bytes of a connection, as they arrive (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

MAX_HEAD_BYTES = 65_536
MAX_CHUNK_LINE_BYTES = 1_024
STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: |$)")
LENGTH = re.compile(r"\d{1,15}")
CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*(?:;|$)")
NO_CONTENT = frozenset({204, 304})
FIRST_FINAL_STATUS = 200


class HttpAnswer(NamedTuple):
    """A whole answer; the names of `headers` are in lower case. `is_last`: the connection ends with it."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    is_last: bool


class BrokenAnswerError(ConnectionError):
    """What came is no HTTP answer, or was cut off."""


class TooLongError(ConnectionError):
    """The answer is longer than we take."""


class AnswerReader:
    r"""Takes the bytes of one answer in pieces of any size; what it holds never exceeds `max_bytes` by much.

    >>> reader = AnswerReader(max_bytes=1000)
    >>> reader.feed(b"HTTP/1.1 200 OK\r\nContent-Le")
    >>> reader.feed(b"ngth: 2\r\n\r\nhi").content
    b'hi'
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._status: int | None = None
        self._headers: dict[str, str] = {}
        self._is_last = False
        self._length: int | None = None
        self._chunks: bytearray | None = None

    def feed(self, received: bytes) -> HttpAnswer | None:
        """The answer, when these bytes make it whole; BrokenAnswerError or TooLongError when they cannot."""
        self._buffer += received
        if self._status is None and not self._read_head():
            return None
        if self._chunks is not None:
            return self._read_chunks(self._chunks)
        if self._length is not None:
            return self._answer(self._length) if len(self._buffer) >= self._length else None
        self._check_size(len(self._buffer))
        return None

    def end(self) -> HttpAnswer:
        """The answer that ends with its connection; BrokenAnswerError when it was cut off."""
        if self._status is None or self._chunks is not None or self._length is not None:
            raise BrokenAnswerError("the connection was cut off before the answer was whole")
        self._is_last = True
        return self._answer(len(self._buffer))

    def _read_head(self) -> bool:
        while self._status is None:
            end = self._buffer.find(b"\r\n\r\n")
            if max(end, len(self._buffer) if end < 0 else 0) > MAX_HEAD_BYTES:
                raise BrokenAnswerError(f"the head of the answer is longer than {MAX_HEAD_BYTES:,} bytes")
            if end < 0:
                return False
            lines = bytes(self._buffer[:end]).split(b"\r\n")
            del self._buffer[: end + 4]
            self._take_head(lines)
        return True

    def _take_head(self, lines: list[bytes]) -> None:
        match = STATUS_LINE.match(lines[0])
        if match is None:
            raise BrokenAnswerError(f"this is no HTTP/1.1 answer: {lines[0][:60]!r}")
        status = int(match[2])
        if status < FIRST_FINAL_STATUS:
            return  # "Continue" and "Early Hints" come before the answer proper.
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise BrokenAnswerError(f"a header of the answer has no colon: {line[:60]!r}")
            name = name.lower()
            value = value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        self._status, self._headers = status, headers
        keeps = headers.get("connection", "keep-alive" if match[1] == b"1" else "close").lower()
        self._is_last = "close" in keeps
        self._choose_framing(status, headers)

    def _choose_framing(self, status: int, headers: Mapping[str, str]) -> None:
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        if status in NO_CONTENT:
            self._length = 0
        elif coding is not None:
            if coding.lower() != "chunked":
                raise BrokenAnswerError(f"the answer has the transfer encoding {coding[:60]!r}, which nobody asked for")
            # With both headers the length is not to be trusted, nor what follows the answer.
            self._is_last = self._is_last or length is not None
            self._chunks = bytearray()
        elif length is not None:
            if not LENGTH.fullmatch(length):
                raise BrokenAnswerError(f"the answer has the length {length[:60]!r}")
            self._length = int(length)
            self._check_size(self._length)

    def _read_chunks(self, content: bytearray) -> HttpAnswer | None:
        position = 0
        while (end := self._buffer.find(b"\r\n", position)) >= 0:
            match = CHUNK_SIZE.match(bytes(self._buffer[position:end]))
            if match is None:
                raise BrokenAnswerError("a chunk of the answer has no size")
            size = int(match[1], 16)
            self._check_size(len(content) + size)
            if size == 0:
                del self._buffer[:position]
                return self._read_trailer(end - position)
            start = end + 2
            if len(self._buffer) < start + size + 2:
                break
            if self._buffer[start + size : start + size + 2] != b"\r\n":
                raise BrokenAnswerError("a chunk of the answer is longer than its size")
            content += self._buffer[start : start + size]
            position = start + size + 2
        else:
            if len(self._buffer) - position > MAX_CHUNK_LINE_BYTES:
                raise BrokenAnswerError("a chunk of the answer has no size")
        del self._buffer[:position]
        return None

    def _read_trailer(self, position: int) -> HttpAnswer | None:
        """The answer once the lines after its last chunk are there; `position` is the end of that chunk's size."""
        end = self._buffer.find(b"\r\n\r\n", position)
        if end < 0:
            if len(self._buffer) - position > MAX_HEAD_BYTES:
                raise BrokenAnswerError(f"the end of the answer is longer than {MAX_HEAD_BYTES:,} bytes")
            return None
        content = self._chunks or bytearray()
        self._buffer = content + self._buffer[end + 4 :]
        return self._answer(len(content))

    def _answer(self, length: int) -> HttpAnswer:
        # Bytes after the answer belong to no request of ours: such a connection is not used again.
        is_last = self._is_last or len(self._buffer) > length
        return HttpAnswer(
            status=self._status or 0, headers=self._headers, content=bytes(self._buffer[:length]), is_last=is_last
        )

    def _check_size(self, num_bytes: int) -> None:
        if num_bytes > self._max_bytes:
            raise TooLongError(f"more than {self._max_bytes:,} bytes")
