"""Copy a file of data without some of its rows; the others stay byte for byte as they stood."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from preceptor.core.errors import InputError
from preceptor.core.files import whole_file
from preceptor.core.rows import MAX_LINE_CHARACTERS, PACKED_ENDINGS, ROWS_AT_ONCE, data_ending, is_parquet, open_data


def copy_rows(source: Path, target: Path, left_out: Collection[int]) -> None:
    """Write the rows of `source` to `target`, whole or not at all, without those numbered in `left_out`.

    Numbers are those that `iter_rows` gives: the line, or the last line of a CSV row that has
    several, or the row of a Parquet file, which is written anew with the same columns. What is packed is
    written unpacked. Raises InputError for one JSON array, whose rows have no lines of their own.
    """
    if is_parquet(source):
        _copy_parquet(source, target, left_out)
        return
    if target.suffix.lower() in PACKED_ENDINGS:
        raise InputError(f"{str(target)!r} would not be packed; name it without {target.suffix!r} and pack it after")
    delimiter = {".csv": ",", ".tsv": "\t"}.get(data_ending(source))
    with open_data(source) as packed:
        if delimiter is None and packed.peek(256)[:256].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            raise InputError(f"{str(source)!r} is one JSON array; write one object a line to have its rows copied")
        # Without "-sig", a byte order mark is copied as well.
        stream = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        kept = _kept_lines(stream, left_out) if delimiter is None else _kept_csv(stream, delimiter, left_out)
        with whole_file(target) as output:
            output.writelines(text.encode("utf-8") for text in kept)


def _kept_lines(stream: IO[str], left_out: Collection[int]) -> Iterator[str]:
    number = 0
    while line := stream.readline(MAX_LINE_CHARACTERS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARACTERS:
            # The reader has called it one bad row; it is passed over in pieces, as it may not fit in memory.
            while line and not line.endswith("\n"):
                line = stream.readline(MAX_LINE_CHARACTERS + 1)
        elif number not in left_out:
            yield line


def _kept_csv(stream: IO[str], delimiter: str, left_out: Collection[int]) -> Iterator[str]:
    lines: list[str] = []
    reader = csv.reader(_noted(stream, lines), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            if reader.line_num not in left_out:
                yield from lines
            lines.clear()
    except csv.Error:
        # Whoever read the rows has reported it: nothing can be read from here on.
        return


def _noted(stream: IO[str], lines: list[str]) -> Iterator[str]:
    for line in stream:
        lines.append(line)
        yield line


def _copy_parquet(source: Path, target: Path, left_out: Collection[int]) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only where a file is Parquet

    first = 1
    with (
        pq.ParquetFile(source) as file,
        whole_file(target) as output,
        pq.ParquetWriter(output, file.schema_arrow) as writer,
    ):
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            writer.write_batch(batch.filter([number not in left_out for number in range(first, first + len(batch))]))
            first += len(batch)
