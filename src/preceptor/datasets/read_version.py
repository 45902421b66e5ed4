"""Read the records of a committed version, a thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast, get_args

from preceptor.core.errors import NotFoundError
from preceptor.datasets.data_files import data_files
from preceptor.datasets.manifest import read_manifest
from preceptor.datasets.parquet import iter_parquet
from preceptor.datasets.types import Record, RecordKind, SplitName

KINDS = cast("tuple[RecordKind, ...]", get_args(RecordKind))
SPLIT_NAMES = cast("tuple[SplitName, ...]", get_args(SplitName))


class DataFile(NamedTuple):
    """A Parquet file of a version, with the kind and split of all its records."""

    path: Path
    kind: RecordKind
    split: SplitName


def read_version_records(folder: Path) -> Iterator[Record]:
    """The records in the version's folder: by kind, then train, validation, test, then id.

    Raises NotFoundError when the folder holds no version or lacks a file, InputError for a
    damaged one. Hashes are not checked here; `verify_version` does.
    """
    for file in iter_files(folder):
        yield from iter_parquet(file.path, file.kind, file.split)


def iter_files(folder: Path) -> Iterator[DataFile]:
    """The files of a version in the same order; errors as above."""
    manifest = read_manifest(folder)
    for kind in KINDS:
        for split in SPLIT_NAMES:
            for name in data_files(manifest, kind, split):
                if not (folder / name).is_file():
                    raise NotFoundError(f"the version in {str(folder)!r} lacks {name}; restore it from a copy")
                yield DataFile(folder / name, kind, split)
