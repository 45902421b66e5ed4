"""Write records as JSONL in the format of somebody's trainer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.files import whole_file
from preceptor.datasets.exporter import Exporter
from preceptor.datasets.types import Record


class Exported(NamedTuple):
    """How many records were written, and how many the format has no place for."""

    num_written: int
    num_left_out: int


def export(records: Iterable[Record], exporter: Exporter, path: Path) -> Exported:
    """How many records now stand in the file, in the order given; the file appears whole or not at all.

    Raises InputError, and leaves what was there, when no record fits the format or one breaks its rules.
    """
    num_written = num_left_out = 0
    with whole_file(path) as stream:
        for record in records:
            row = exporter.row(record)
            if row is None:
                num_left_out += 1
                continue
            stream.write(json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n")
            num_written += 1
        if num_written == 0:
            raise InputError(
                f"nothing to write to {str(path)!r}: the format has no place for any of the {num_left_out} records; "
                "choose another exporter"
            )
    return Exported(num_written, num_left_out)
