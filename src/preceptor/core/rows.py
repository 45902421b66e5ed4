"""Read records from a file, one at a time, saying for each bad one its line and why."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import IO, cast

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject, JsonValue, as_object, parse_json

MAX_LINE_CHARACTERS = 16_000_000
CHUNK_CHARACTERS = 1 << 16
ROWS_AT_ONCE = 1_000
PARQUET_ENDINGS = {".parquet", ".pq"}
PACKED_ENDINGS = {".gz", ".zst"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record; `number` is its line, or its place in a JSON array, from 1."""

    number: int
    value: JsonObject


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A record that could not be read, its line and the reason; the others are still read.

    `path` names the file where several are read.
    """

    number: int
    reason: str
    text: str = ""
    path: str = ""


def iter_rows(path: Path) -> Iterator[Row | BadRow]:
    """The records of a JSONL, JSON (one array), CSV or Parquet file, in order, without loading it whole.

    The ending says which (also below `.gz` and `.zst`); a file that starts with `[` is an array whatever its
    ending. Empty lines are passed over. A row of Parquet is numbered from 1, has the fields that are not null in
    it, moments as ISO 8601 and bytes as base64. Raises NotFoundError for no file, InputError for one that is
    not what its ending says.
    """
    ending = data_ending(path)
    if is_parquet(path):
        yield from _parquet_rows(path)
        return
    with open_data(path) as stream:
        start = stream.peek(256)[:256].removeprefix(b"\xef\xbb\xbf").lstrip()
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        try:
            if ending in {".csv", ".tsv"}:
                yield from _csv_rows(text, "\t" if ending == ".tsv" else ",")
            elif start.startswith(b"["):
                yield from _array_rows(text)
            else:
                yield from _json_lines(text)
        except UnicodeDecodeError as error:
            where = f"{str(path)!r} is not UTF-8 text (byte {error.start})"
            raise InputError(f"{where}; convert or unpack it first") from error


def data_ending(path: Path) -> str:
    """The ending that says what a file holds, without that of its packing.

    >>> data_ending(Path("chats.JSONL.gz"))
    '.jsonl'
    """
    name = path.with_suffix("") if path.suffix.lower() in PACKED_ENDINGS else path
    return name.suffix.lower()


def is_parquet(path: Path) -> bool:
    """True when the file's ending says Parquet."""
    return data_ending(path) in PARQUET_ENDINGS


@contextmanager
def open_data(path: Path) -> Iterator[io.BufferedReader]:
    """The bytes of a file, unpacked while they are read where it ends in `.gz` or `.zst`.

    Raises NotFoundError for no file, InputError for a folder or for packed data that is damaged.
    """
    try:
        with _open_bytes(path) as stream:
            yield stream
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{str(path)!r} is a folder; name a file in it") from error
    except (EOFError, zlib.error, OSError) as error:
        if path.suffix.lower() not in PACKED_ENDINGS:
            raise InputError(f"{str(path)!r} cannot be read ({error}); check the path") from error
        raise InputError(f"{str(path)!r} cannot be unpacked ({error}); it is cut off or damaged") from error


def _open_bytes(path: Path) -> io.BufferedReader:
    ending = path.suffix.lower()
    if ending == ".gz":
        return io.BufferedReader(cast("io.RawIOBase", gzip.open(path, "rb")), CHUNK_CHARACTERS)
    if ending == ".zst":
        path.open("rb").close()  # So that a missing file is told from a damaged one.
        # Loading it takes a good part of a second, which a reader of other files need not wait for.
        import pyarrow as pa  # noqa: PLC0415 - only where a file is packed with it

        return io.BufferedReader(pa.input_stream(str(path), compression="zstd"), CHUNK_CHARACTERS)
    return path.open("rb")


def read_rows(path: Path) -> list[Row]:
    """Every record, or InputError naming each bad line: for files where a lost row changes the answer."""
    rows: list[Row] = []
    bad: list[BadRow] = []
    for row in iter_rows(path):
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            rows.append(row)
    if bad:
        shown = [f"{path}:{row.number}: {row.reason}" for row in bad[:20]]
        more = [f"{path}: and {len(bad) - 20} more bad lines"] if len(bad) > 20 else []  # noqa: PLR2004 - one screen
        raise InputError("\n".join([*shown, *more]))
    return rows


def write_json_lines(stream: IO[str], values: Iterator[object]) -> int:
    """Write one JSON object a line; how many were written."""
    count = 0
    for value in values:
        stream.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
        count += 1
    return count


def _json_lines(stream: IO[str]) -> Iterator[Row | BadRow]:
    number = 0
    while line := stream.readline(MAX_LINE_CHARACTERS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARACTERS:
            yield BadRow(number=number, reason=f"longer than {MAX_LINE_CHARACTERS:,} characters; split it")
            while line and not line.endswith("\n"):
                line = stream.readline(MAX_LINE_CHARACTERS + 1)
        elif line.strip():
            yield _row(number, line)


def _row(number: int, text: str) -> Row | BadRow:
    try:
        return Row(number=number, value=as_object(parse_json(text), "a record"))
    except InputError as error:
        return BadRow(number=number, reason=str(error), text=text[:200])


def _csv_rows(stream: IO[str], delimiter: str) -> Iterator[Row | BadRow]:
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    try:
        header = next(reader, None)
        if header is None:
            return
        if len(set(header)) < len(header):
            raise InputError(f"a column name stands twice in {header!r}; rename one")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                yield BadRow(
                    number=reader.line_num,
                    reason=f"{len(cells)} cells under {len(header)} column names",
                    text=str(cells),
                )
            else:
                yield Row(number=reader.line_num, value=dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        yield BadRow(number=reader.line_num, reason=f"not CSV: {error}")


def _array_rows(stream: IO[str]) -> Iterator[Row | BadRow]:
    """The elements of one JSON array, holding one element at a time."""
    decoder = json.JSONDecoder()
    buffer = stream.read(CHUNK_CHARACTERS).lstrip().removeprefix("[")
    number = 0
    while True:
        buffer = buffer.lstrip().removeprefix(",").lstrip()
        if buffer.startswith("]"):
            return
        try:
            _, end = decoder.raw_decode(buffer)
            complete = end < len(buffer)
        except (json.JSONDecodeError, RecursionError):
            complete = False
        if complete:
            number += 1
            yield _row(number, buffer[:end])
            buffer = buffer[end:]
            continue
        # Doubling keeps the total work linear when one element is very long.
        more = stream.read(max(CHUNK_CHARACTERS, len(buffer)))
        if not more:
            yield BadRow(number=number + 1, reason="the array is cut off or broken here", text=buffer[:200])
            return
        if len(buffer) > MAX_LINE_CHARACTERS:
            yield BadRow(number=number + 1, reason=f"longer than {MAX_LINE_CHARACTERS:,} characters; split it")
            return
        buffer += more


def _parquet_rows(path: Path) -> Iterator[Row]:
    # As slow to load as above.
    import pyarrow as pa  # noqa: PLC0415 - only where a file is Parquet
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                for value in batch.to_pylist():
                    number += 1
                    said = {name: _json_value(one) for name, one in value.items() if one is not None}
                    yield Row(number=number, value=said)
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{str(path)!r} is not a whole Parquet file ({error}); write it again") from error


def _json_value(value: object) -> JsonValue:
    """What a cell of Parquet says, in the values that JSON has; NaN, which it has not, is null."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return {str(name): _json_value(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_value(one) for one in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def text_of(value: JsonValue) -> str:
    """A JSON value as the text that a label or a cell carries: a whole number has no point.

    >>> text_of(2.0), text_of("2"), text_of(None)
    ('2', '2', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
