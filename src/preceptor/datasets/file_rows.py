"""The rows of a file that holds data, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.rows import BadRow, Row, iter_rows

PARQUET_ENDINGS = {".parquet", ".pq"}
ROWS_AT_ONCE = 1_000


def is_parquet(path: Path) -> bool:
    """True when the file's ending says Parquet."""
    return path.suffix.lower() in PARQUET_ENDINGS


def iter_file_rows(path: Path) -> Iterator[Row | BadRow]:
    """The rows of a Parquet, JSONL, JSON or CSV file, in order, without loading it whole.

    A row of Parquet is numbered from 1, and has the fields that are not null in it. Raises
    NotFoundError for no file, InputError for one that is not what its ending says.
    """
    return _parquet_rows(path) if is_parquet(path) else iter_rows(path)


def _parquet_rows(path: Path) -> Iterator[Row]:
    # Loading it takes a good part of a second, which a reader of JSON lines need not wait for.
    import pyarrow as pa  # noqa: PLC0415 - only where a file is Parquet
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                for value in batch.to_pylist():
                    number += 1
                    yield Row(number=number, value={name: one for name, one in value.items() if one is not None})
    except FileNotFoundError as error:
        raise NotFoundError(f"no file {str(path)!r}; check the path") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{str(path)!r} is not a whole Parquet file ({error}); write it again") from error
