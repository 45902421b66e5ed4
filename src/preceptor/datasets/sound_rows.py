"""The rows of a file whose texts can be written again as UTF-8; the others are bad rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from preceptor.core.rows import BadRow, Row, iter_rows


def iter_sound_rows(path: Path) -> Iterator[Row | BadRow]:
    r"""As `iter_rows`; a row with half a surrogate pair (`\ud800` alone) comes as a BadRow: no text can hold it."""
    encode = msgspec.json.Encoder().encode
    for row in iter_rows(path):
        if isinstance(row, Row):
            try:
                encode(row.value)
            except UnicodeEncodeError as error:
                reason = f"holds {error.object[error.start]!a}, half a surrogate pair, which no text can; mend the text"
                yield BadRow(number=row.number, reason=reason)
                continue
        yield row
