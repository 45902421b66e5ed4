"""Read training records from files in the usual shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import msgspec

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, as_object, parse_json
from preceptor.core.rows import BadRow, Row, data_ending, iter_rows, open_data, text_of
from preceptor.datasets.batch import BATCH_RECORDS, Batch, BatchRow, batch_of_rows, batch_row
from preceptor.datasets.manifest import MANIFEST_FILE
from preceptor.datasets.media import MediaReader
from preceptor.datasets.read_files import find_files
from preceptor.datasets.read_lines import MAX_LINE_BYTES, Line, iter_lines
from preceptor.datasets.read_plain import NO_DEFAULTS, Defaults, read_plain
from preceptor.datasets.read_row import parse_record
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.types import Record, RecordKind

__all__ = [
    "ReadRecord",
    "Reading",
    "holds_lines",
    "iter_read_records",
    "iter_record_batches",
    "parse_record",
    "read_records",
]

LINE_ENDINGS = {".jsonl", ".ndjson", ".json", ".txt", ""}
# Few long records fill a batch as many short ones do: memory follows the characters.
BATCH_CHARACTERS = 16_000_000
_DECODER = msgspec.json.Decoder(Record)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How rows are read: as which `kind` where their fields allow several, and what becomes of media.

    `fields` says which field of a row stands for one of ours: `{"prompt": "question"}`. `defaults` are true of the
    rows that do not state their own. `keep` is handed the bytes of each file that stands in a row, such as
    `BlobStore.add`. Paths of media are read within `media_root`, the folder of the data when None.
    """

    kind: RecordKind | None = None
    fields: dict[str, str] = field(default_factory=dict)
    defaults: Defaults = NO_DEFAULTS
    keep: Callable[[bytes], object] = len
    media_root: Path | None = None

    def reader(self, path: Path) -> MediaReader:
        """What reads the media of a file's rows."""
        return MediaReader(root=self.media_root or path.parent, keep=self.keep)

    def record(self, row: JsonObject, reader: MediaReader) -> Record:
        """The record of a row. Raises InputError, naming the field."""
        return self._completed(parse_record(self._renamed(row), reader, self.kind))

    def _renamed(self, row: JsonObject) -> JsonObject:
        if not self.fields:
            return row
        taken = set(self.fields.values())
        kept = {name: value for name, value in row.items() if name not in taken and name not in self.fields}
        return kept | {ours: row[theirs] for ours, theirs in self.fields.items() if theirs in row}

    def _completed(self, record: Record) -> Record:
        if not any(self.defaults):
            return record
        return replace(
            record,
            licence=record.licence or self.defaults.licence,
            language=record.language or self.defaults.language,
            consent=record.consent or self.defaults.consent,
            source=record.source or self.defaults.source,
        )


@dataclass(frozen=True, kw_only=True)
class ReadRecord:
    """A record as it stood in a file: its line, and its own id there (None when it has none)."""

    line: int
    own_id: str | None
    record: Record
    path: str = ""


class _Found(NamedTuple):
    line: int
    own_id: str | None
    record: Record | BatchRow


def read_records(path: Path, reading: Reading | None = None) -> Iterator[Record | BadRow]:
    """The records of a file, in order, without loading it whole; a row that is none comes as a BadRow."""
    for found in iter_read_records(path, reading):
        yield found if isinstance(found, BadRow) else found.record


def iter_read_records(path: Path, reading: Reading | None = None) -> Iterator[ReadRecord | BadRow]:
    """As `read_records`, with the line and the row's own id."""
    for found in _iter_found(path, reading or Reading()):
        if isinstance(found, BadRow):
            yield found
        elif isinstance(found.record, Record):
            yield ReadRecord(line=found.line, own_id=found.own_id, record=found.record, path=str(path))
        else:
            record = _DECODER.decode(found.record.record)
            own_id = record.metadata.get("id")
            yield ReadRecord(
                line=found.line, own_id=None if own_id is None else text_of(own_id), record=record, path=str(path)
            )


def iter_record_batches(
    paths: Iterable[Path | str], reading: Reading | None = None, size: int = BATCH_RECORDS
) -> Iterator[Batch | BadRow]:
    """The records of all files as batches of up to `size`, with ordinals from 0 over all; bad rows as they are met.

    A path may be a pattern (`shards/*.jsonl.gz`) or the folder of a dataset version. Formats: JSONL, a JSON array,
    CSV, TSV and Parquet, all but Parquet also below `.gz` and `.zst`. One batch is in memory.
    Raises NotFoundError for no file, InputError for one that is not what its ending says.
    """
    rows: list[BatchRow] = []
    first = num_characters = 0
    for path in find_files(paths):
        for found in _iter_found(path, reading or Reading()):
            if isinstance(found, BadRow):
                yield found
                continue
            row = batch_row(found.record) if isinstance(found.record, Record) else found.record
            rows.append(row)
            num_characters += len(row.record)
            if len(rows) == size or num_characters >= BATCH_CHARACTERS:
                yield batch_of_rows(rows, range(first, first + len(rows)))
                first, rows, num_characters = first + len(rows), [], 0
    if rows:
        yield batch_of_rows(rows, range(first, first + len(rows)))


def _iter_found(path: Path, reading: Reading) -> Iterator[_Found | BadRow]:
    if (path / MANIFEST_FILE).is_file():
        for number, record in enumerate(read_version_records(path), start=1):
            yield _Found(number, record.id, record)
        return
    found = _line_rows(path, reading) if holds_lines(path) else _other_rows(path, reading)
    for row in found:
        yield replace(row, path=str(path)) if isinstance(row, BadRow) else row


def holds_lines(path: Path) -> bool:
    """True for JSON lines; a file that begins with a bracket is one array."""
    if data_ending(path) not in LINE_ENDINGS:
        return False
    with open_data(path) as stream:
        return not stream.peek(256)[:256].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _other_rows(path: Path, reading: Reading) -> Iterator[_Found | BadRow]:
    reader = reading.reader(path)
    for row in iter_rows(path):
        yield row if isinstance(row, BadRow) else _parsed(row, reading, reader)


def _line_rows(path: Path, reading: Reading) -> Iterator[_Found | BadRow]:
    reader = reading.reader(path)
    may_be_plain = reading.kind is None and not reading.fields
    with open_data(path) as stream:
        for line in iter_lines(stream):
            plain = read_plain(line.text, reading.defaults) if may_be_plain and line.text is not None else None
            yield _line_row(line, reading, reader) if plain is None else _Found(line.number, None, plain)


def _line_row(line: Line, reading: Reading, reader: MediaReader) -> _Found | BadRow:
    if line.text is None:
        return BadRow(number=line.number, reason=f"longer than {MAX_LINE_BYTES:,} bytes; split it")
    try:
        value = as_object(parse_json(line.text.decode("utf-8")), "a record")
    except UnicodeDecodeError as error:
        return BadRow(number=line.number, reason=f"not UTF-8: byte {error.start} cannot be read; convert the file")
    except InputError as error:
        return BadRow(number=line.number, reason=str(error), text=line.text[:200].decode("utf-8", "replace"))
    return _parsed(Row(number=line.number, value=value), reading, reader)


def _parsed(row: Row, reading: Reading, reader: MediaReader) -> _Found | BadRow:
    try:
        return _Found(row.number, _own_id(row.value), reading.record(row.value, reader))
    except InputError as error:
        return BadRow(number=row.number, reason=str(error))


def _own_id(row: JsonObject) -> str | None:
    value = row.get("id")
    return None if value is None else text_of(value)
