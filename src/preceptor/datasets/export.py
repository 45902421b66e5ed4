"""Write records as JSONL or JSON in the format of somebody's trainer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

import yaml

from preceptor.core.errors import InputError
from preceptor.core.files import whole_file, write_text
from preceptor.core.json_values import JsonObject, as_object, parse_json
from preceptor.core.rows import MAX_LINE_CHARACTERS
from preceptor.datasets.conversation import has_wide_turns
from preceptor.datasets.exporter import Configured, Exporter, TrainerConfig
from preceptor.datasets.provenance_rows import provenance_row
from preceptor.datasets.types import Record
from preceptor.datasets.wide_row_first import WideRowFirst

SHOWN = 20
# Line breaks to many readers of lines, though not to JSON; written out they cannot cut a row in two.
LINE_BREAKS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


class RefusedRecord(NamedTuple):
    """A record that breaks a rule of the format, and which."""

    record_id: str
    reason: str


class Exported(NamedTuple):
    """What became of the records: written, of a kind that the format has no place for, or refused with a reason.

    `num_rows` counts the rows: a record may give several. `files` are what was written, the export first.
    """

    num_written: int
    num_left_out: int
    num_rows: int
    refused: tuple[RefusedRecord, ...]
    files: tuple[Path, ...]


def export(records: Iterable[Record], exporter: Exporter, path: Path, *, skip_refused: bool = False) -> Exported:
    """How many records now stand in the file, in the order given; the file appears whole or not at all.

    Where the reader works out the columns from the first rows, the first record with tools goes to
    the top. `<path>.provenance.jsonl` says for each row, in the same order, where it comes from.
    Raises InputError, and leaves what was there, when no record fits the format, the file breaks
    the service's limits, or (without `skip_refused`) a record breaks a rule: then it names them.
    """
    sidecar = path.with_name(f"{path.name}.provenance.jsonl")
    with whole_file(path) as rows, whole_file(sidecar) as provenance:
        tally = _write(records, exporter, rows, provenance)
        if tally.refused and not skip_refused:
            raise InputError(_refusal(tally.refused))
        if tally.num_rows == 0:
            raise InputError(
                f"nothing to write to {str(path)!r}: the format has no place for any of the {tally.num_left_out} "
                f"records, and {len(tally.refused)} broke its rules; choose another exporter"
            )
        problems = exporter.form.limits.problems(tally.num_rows, tally.num_bytes)
        if problems:
            raise InputError(f"{str(path)!r} was not written: {'; '.join(problems)}")
        files = [path, sidecar]
        if isinstance(exporter, Configured):
            config = exporter.config(path.name)
            files += [] if config is None else [_write_config(config, path.parent)]
    return Exported(tally.num_written, tally.num_left_out, tally.num_rows, tuple(tally.refused), tuple(files))


@dataclass
class _Tally:
    num_written: int = 0
    num_left_out: int = 0
    num_rows: int = 0
    num_bytes: int = 0
    refused: list[RefusedRecord] = field(default_factory=list)


def _write(records: Iterable[Record], exporter: Exporter, rows: IO[bytes], provenance: IO[bytes]) -> _Tally:
    tally, form = _Tally(), exporter.form
    is_array = form.layout == "array"
    with WideRowFirst(rows) as lines, WideRowFirst(provenance) as origins:
        for record in records:
            try:
                texts, origin = _texts(record, exporter), _encoded(record, provenance_row(record)) + b"\n"
            except InputError as error:
                tally.refused.append(RefusedRecord(record.id, str(error)))
                continue
            if not texts:
                tally.num_left_out += 1
                continue
            for text, row_is_wide in texts:
                # An array has no columns to work out, and its first row is the one without a comma.
                is_wide = row_is_wide or is_array or not form.late_columns
                start = (b"," if tally.num_rows else b"[") if is_array else b""
                lines.write(start + text + b"\n", is_wide=is_wide)
                origins.write(origin, is_wide=is_wide)
                tally.num_rows += 1
                tally.num_bytes += len(start) + len(text) + 1
            tally.num_written += 1
        if is_array:
            lines.write(b"]\n" if tally.num_rows else b"[]\n", is_wide=True)
    return tally


def _texts(record: Record, exporter: Exporter) -> list[tuple[bytes, bool]]:
    """Each row as JSON, and whether it fills the columns that others leave out."""
    if record.media:
        raise InputError(f"record {record.id!r} holds media, and rows hold text; publish it with `webdataset`")
    late, is_wide = exporter.form.late_columns, has_wide_turns(record)
    return [
        (_encoded(record, row), is_wide or any(row.get(column) for column in late)) for row in exporter.rows(record)
    ]


def _encoded(record: Record, row: JsonObject) -> bytes:
    try:
        text = json.dumps(row, ensure_ascii=False, allow_nan=False).translate(LINE_BREAKS).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"record {record.id!r} holds half a character ({error.reason}); mend its text") from error
    except ValueError as error:
        raise InputError(f"record {record.id!r} holds a number that JSON cannot: {error}; mend it") from error
    if len(text) > MAX_LINE_CHARACTERS:
        raise InputError(f"record {record.id!r} is longer than {MAX_LINE_CHARACTERS:,} bytes; cut or leave it out")
    return text


def _refusal(refused: list[RefusedRecord]) -> str:
    shown = [one.reason for one in refused[:SHOWN]]
    more = [f"and {len(refused) - SHOWN} more records"] if len(refused) > SHOWN else []
    return "\n".join([*shown, *more])


def _write_config(config: TrainerConfig, folder: Path) -> Path:
    """The description, written; entries of other files in a JSON description that is there are kept."""
    path = folder / config.file_name
    if isinstance(config.content, str):
        write_text(path, config.content)
        return path
    if path.suffix == ".yaml":
        write_text(path, yaml.safe_dump(config.content, sort_keys=False, allow_unicode=True))
        return path
    there: JsonObject = as_object(parse_json(path.read_bytes()), str(path)) if path.is_file() else {}
    write_text(path, json.dumps({**there, **config.content}, indent=2, ensure_ascii=False) + "\n")
    return path
