"""Find personal data in the rows of a file, without loading it whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import BadRow, Row, text_of
from preceptor.datasets.row_texts import TEXT_FIELDS, RowText, iter_row_texts
from preceptor.datasets.sound_rows import iter_sound_rows
from preceptor.governance.layers import Found, Layers

ROWS_AT_ONCE = 512


class ScannedRow(NamedTuple):
    """A row, its texts, and what was found in each."""

    number: int
    row: JsonObject
    texts: tuple[RowText, ...]
    found: tuple[Found, ...]

    @property
    def id(self) -> str:
        """The row's own id, or its line."""
        own = self.row.get("id")
        return f"line {self.number}" if own is None else text_of(own)


def scan_rows(path: Path, layers: Layers, fields: Sequence[str] = ()) -> Iterator[ScannedRow | BadRow]:
    """Each row with what was found in it, in the order of the file; a row that cannot be read as a BadRow.

    Texts are looked for in the fields that usually hold them and in `fields`. Raises NotFoundError for no file,
    InputError for one that is not what its ending says.
    """
    rows = iter_sound_rows(path)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield from scan_some(some, layers, fields)


def scan_some(
    rows: Sequence[Row | BadRow], layers: Layers, fields: Sequence[str] = ()
) -> Iterator[ScannedRow | BadRow]:
    """The same for rows that are in memory."""
    texts = [() if isinstance(row, BadRow) else tuple(iter_row_texts(row.value, fields)) for row in rows]
    found = layers.find_in([[text.text for text in own] for own in texts])
    for row, own, those in zip(rows, texts, found, strict=True):
        if isinstance(row, BadRow):
            yield row
        elif not own and not _has_text_field(row.value, fields):
            yield BadRow(
                number=row.number,
                reason=f"no field holds a text; its fields are {', '.join(sorted(row.value)) or 'none'}",
            )
        else:
            yield ScannedRow(row.number, row.value, own, tuple(those))


def _has_text_field(row: JsonObject, fields: Sequence[str]) -> bool:
    """True where a field that holds texts is there, though it may be empty."""
    return any(name in row for name in (*TEXT_FIELDS, *fields))


def refuse_bad(row: ScannedRow | BadRow, path: Path) -> ScannedRow:
    """The row; InputError for one that could not be read."""
    if isinstance(row, BadRow):
        raise InputError(f"{path}:{row.number}: {row.reason}; nothing was written")
    return row
