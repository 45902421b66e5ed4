"""Read the records of a file of traces, also one that is a single JSON object over many lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.json_values import parse_json
from preceptor.core.rows import MAX_LINE_CHARACTERS, BadRow, Row, iter_rows


def iter_records(path: Path) -> Iterator[Row | BadRow]:
    """The records in order: of JSON lines, of an array, of CSV, or the one object that the file is.

    An object over many lines is what OTLP exporters and pretty printers write; it is read up
    to 16 million characters.
    """
    records = iter_rows(path)
    first = next(records, None)
    if isinstance(first, BadRow) and first.text.startswith("{"):
        whole = _whole_object(path)
        if whole is not None:
            yield whole
            return
    if first is not None:
        yield first
    yield from records


def _whole_object(path: Path) -> Row | None:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            text = stream.read(MAX_LINE_CHARACTERS + 1)
        value = parse_json(text) if len(text) <= MAX_LINE_CHARACTERS else None
    except (InputError, UnicodeDecodeError):
        return None
    return Row(number=1, value=value) if isinstance(value, dict) else None
