"""Write the rows of a file with the personal data in their texts replaced, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.files import whole_file
from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject
from preceptor.core.rows import ROWS_AT_ONCE, Row, is_parquet, open_data
from preceptor.datasets.row_texts import RowText, with_row_texts
from preceptor.datasets.scan_rows import ScannedRow, refuse_bad, scan_rows, scan_some
from preceptor.governance.layers import Layers
from preceptor.governance.redaction import Style, redaction_of

DELIMITERS = {".csv": ",", ".tsv": "\t"}


@dataclass
class RowRedactor:
    """Redacts rows and counts: records, those changed, and the places by type."""

    layers: Layers
    style: Style
    locale_names: Sequence[str] = ()
    fields: Sequence[str] = ()
    num_records: int = 0
    num_changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def redacted(self, scanned: ScannedRow) -> JsonObject:
        """The row with stand-ins in its texts, everything else as it stood."""
        self.num_records += 1
        if not any(scanned.found):
            return scanned.row
        pairs = [(text.text, found) for text, found in zip(scanned.texts, scanned.found, strict=True)]
        own = scanned.row.get("id")
        seed = content_hash(scanned.row) if own is None else str(own)
        redaction = redaction_of(self.layers, pairs, style=self.style, seed=seed, locale_names=self.locale_names)

        def change(text: RowText) -> str:
            return redaction.json_text(text.text) if text.is_json else redaction.any_text(text.text)

        row = with_row_texts(scanned.row, change, self.fields)
        self.num_changed += 1
        self.counts.update(redaction.counts)
        return row


def redact_rows(source: Path, target: Path, redactor: RowRedactor) -> None:
    """Write `target` in the format of `source`.

    A row that cannot be read stops it, and nothing is written. Raises InputError, naming the line; NotFoundError
    for no file; StorageError where the disk refuses.
    """
    if is_parquet(source) != is_parquet(target):
        raise InputError(f"{str(target)!r} must be of the format of {str(source)!r}; give it the same ending")
    if is_parquet(source):
        _write_parquet(source, target, redactor)
        return
    rows = (redactor.redacted(refuse_bad(row, source)) for row in scan_rows(source, redactor.layers, redactor.fields))
    is_array = _is_array(source)  # Asked first: a source that is not there must not be called a target that is not.
    with whole_file(target) as raw:
        stream = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        delimiter = DELIMITERS.get(source.suffix.lower())
        if delimiter:
            _write_csv(stream, rows, delimiter)
        else:
            stream.writelines(_array_lines(rows) if is_array else map(_line, rows))
        stream.detach()  # Written out, but not closed: the file is not whole yet.


def _write_csv(stream: IO[str], rows: Iterable[JsonObject], delimiter: str) -> None:
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow(row.values())


def _line(row: JsonObject) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _array_lines(rows: Iterable[JsonObject]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _is_array(source: Path) -> bool:
    with open_data(source) as stream:
        return stream.peek(256)[:256].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _write_parquet(source: Path, target: Path, redactor: RowRedactor) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only where a file is Parquet
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    number = 0
    try:
        with (
            pq.ParquetFile(source) as file,
            whole_file(target) as output,
            pq.ParquetWriter(output, file.schema_arrow) as writer,
        ):
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                values = batch.to_pylist()
                rows = [Row(number=number + place, value=value) for place, value in enumerate(values, 1)]
                number += len(values)
                scanned = scan_some(rows, redactor.layers, redactor.fields)
                changed = [redactor.redacted(refuse_bad(row, source)) for row in scanned]
                writer.write_batch(pa.RecordBatch.from_pylist(changed, schema=batch.schema))
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(source)!r}; check the path") from error
    except pa.ArrowInvalid as error:
        raise InputError(f"{str(source)!r} is not a whole Parquet file ({error}); write it again") from error
