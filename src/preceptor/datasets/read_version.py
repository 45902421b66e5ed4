"""Read the records of a committed version, a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

from preceptor.core.errors import NotFoundError
from preceptor.datasets.card import data_file
from preceptor.datasets.manifest import read_manifest
from preceptor.datasets.parquet import iter_parquet
from preceptor.datasets.types import Record, RecordKind, SplitName

KINDS = cast("tuple[RecordKind, ...]", get_args(RecordKind))
SPLIT_NAMES = cast("tuple[SplitName, ...]", get_args(SplitName))


def read_version_records(folder: Path) -> Iterator[Record]:
    """The records in the version's folder: by kind, then train, validation, test, then id.

    Raises NotFoundError when the folder holds no version or lacks a file, InputError for a
    damaged one. Hashes are not checked here; `verify_version` does.
    """
    files = read_manifest(folder).files
    for kind in KINDS:
        for split in SPLIT_NAMES:
            name = data_file(kind, split)
            if name not in files:
                continue
            if not (folder / name).is_file():
                raise NotFoundError(f"the version in {str(folder)!r} lacks {name}; restore it from a copy")
            yield from iter_parquet(folder / name, kind, split)
