"""Read some records of a version without decoding the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from preceptor.core.errors import InputError
from preceptor.datasets.parquet import iter_parquet
from preceptor.datasets.read_version import DataFile, iter_files
from preceptor.datasets.types import Record


def chosen_records(folder: Path, ids: Collection[str]) -> Iterator[Record]:
    """The records of a version whose ids are among these, in its order; ids that it does not hold are passed over.

    Their rows are copied to a temporary file first, so few of many are found in the time that it takes to
    read the ids. Raises NotFoundError when the folder holds no version or lacks a file, InputError for a damaged one.
    """
    wanted = pa.array(sorted(set(ids)), pa.string())
    for file in iter_files(folder) if len(wanted) else ():
        with TemporaryDirectory(prefix="preceptor-records-") as temporary:
            path = Path(temporary) / file.path.name
            if _copy_rows(file, wanted, path):
                yield from iter_parquet(path, file.kind, file.split)


def _copy_rows(file: DataFile, wanted: pa.Array, path: Path) -> int:
    """Write the wanted rows of a file to another; how many there were."""
    num_rows = 0
    try:
        with pq.ParquetFile(file.path) as opened, pq.ParquetWriter(path, opened.schema_arrow) as writer:
            for group in range(opened.num_row_groups):
                is_wanted = pc.is_in(opened.read_row_group(group, columns=["id"]).column("id"), wanted)
                if pc.any(is_wanted).as_py():
                    rows = opened.read_row_group(group).filter(is_wanted)
                    writer.write_table(rows)
                    num_rows += rows.num_rows
    except pa.ArrowException as error:
        raise InputError(f"{str(file.path)!r} cannot be read: {error}; restore the version") from error
    return num_rows
