"""Answers in and out of files: `item,annotator,value,comment` as CSV, TSV, JSONL or JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import BadRow, Row, iter_rows, text_of, write_json_lines
from preceptor.labeling.types import AnswerRow

REQUIRED = ("item", "annotator", "value")
COLUMNS = (*REQUIRED, "comment")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def read_answer_rows(path: Path) -> list[AnswerRow | BadRow]:
    """Every row, in the order of the file; one that cannot be read keeps its line and the reason.

    Raises InputError for a file without rows and for one without the columns item, annotator
    and value; other columns than these and `comment` are passed over.
    """
    rows = list(iter_rows(path))
    if not rows:
        raise InputError(f"{str(path)!r} holds no answers; write a row an answer: {','.join(COLUMNS)}")
    found = dict.fromkeys(name for row in rows if isinstance(row, Row) for name in row.value)
    missing = [name for name in REQUIRED if name not in found]
    if missing and found:
        raise InputError(
            f"{str(path)!r} has no column {', '.join(map(repr, missing))}; it has {', '.join(map(repr, found))}; "
            f"name them {','.join(COLUMNS)}"
        )
    return [row if isinstance(row, BadRow) else _answer_row(row) for row in rows]


def write_answers_csv(stream: IO[str], rows: Iterable[AnswerRow]) -> int:
    r"""Write the answers as CSV (open the stream with `newline=''`); how many.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it, which
    `read_answer_rows` does not take away: for data that comes back as it was, write JSONL.

    >>> from io import StringIO
    >>> stream = StringIO()
    >>> write_answers_csv(stream, [AnswerRow(number=1, item="q1", annotator="ann", value=-1, comment="=HYPERLINK(1)")])
    1
    >>> stream.getvalue().splitlines()
    ['item,annotator,value,comment', "q1,ann,-1,'=HYPERLINK(1)"]
    """
    # The line end of RFC 4180: with a bare newline, Python 3.11 leaves a carriage return in a cell unquoted.
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([_safe(text_of(cell)) for cell in (row.item, row.annotator, row.value, row.comment)])
        count += 1
    return count


def write_answers_json_lines(stream: IO[str], rows: Iterable[AnswerRow]) -> int:
    """Write the answers as JSONL; how many."""
    return write_json_lines(stream, _objects(rows))


def _objects(rows: Iterable[AnswerRow]) -> Iterator[JsonObject]:
    for row in rows:
        yield {"item": row.item, "annotator": row.annotator, "value": row.value, "comment": row.comment}


def _answer_row(row: Row) -> AnswerRow:
    return AnswerRow(
        number=row.number,
        item=text_of(row.value.get("item")).strip(),
        annotator=text_of(row.value.get("annotator")).strip(),
        value=row.value.get("value"),
        comment=text_of(row.value.get("comment")).strip(),
    )


def _safe(cell: str) -> str:
    if not cell.startswith(FORMULA_STARTS) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
