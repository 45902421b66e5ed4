"""Read records from a file, one at a time, saying for each bad one its line and why."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject, JsonValue, as_object, parse_json

MAX_LINE_CHARACTERS = 16_000_000
CHUNK_CHARACTERS = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record; `number` is its line, or its place in a JSON array, from 1."""

    number: int
    value: JsonObject


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A record that could not be read, its line and the reason; the others are still read."""

    number: int
    reason: str
    text: str = ""


def iter_rows(path: Path) -> Iterator[Row | BadRow]:
    """The records of a JSONL, JSON (one array) or CSV file, in order, without loading it whole.

    The ending says which; a file that starts with `[` is an array whatever its ending. Empty
    lines are passed over. Raises NotFoundError for no file, InputError for one that is not text.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            if path.suffix.lower() in {".csv", ".tsv"}:
                yield from _csv_rows(stream, "\t" if path.suffix.lower() == ".tsv" else ",")
            elif _starts_with_bracket(stream):
                yield from _array_rows(stream)
            else:
                yield from _json_lines(stream)
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except IsADirectoryError as error:
        raise InputError(f"{str(path)!r} is a folder; name a file in it") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{str(path)!r} is not UTF-8 text (byte {error.start}); convert or unpack it first") from error


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


def _starts_with_bracket(stream: IO[str]) -> bool:
    start = stream.read(256).lstrip()
    stream.seek(0)
    return start.startswith("[")


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
