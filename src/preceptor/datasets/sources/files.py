"""Records from files: JSONL, JSON, CSV or Parquet, in a folder or an object store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.files import explain
from preceptor.core.rows import BadRow
from preceptor.datasets.batch import Batch
from preceptor.datasets.object_files import fetch_object, find_objects, is_url
from preceptor.datasets.read_plain import Defaults
from preceptor.datasets.read_records import Reading, iter_record_batches
from preceptor.datasets.source import BadSourceRow, SourceContext, SourceInput
from preceptor.datasets.types import DatasetSource


@dataclass(frozen=True, kw_only=True)
class Files:
    """The rows of some files. `paths` may hold `*`, and URLs such as `s3://bucket/rows.jsonl` (the extra `objects`).

    `fields` says which field of a row stands for one of ours: `{prompt: question}`. `licence`, `language`,
    `consent` and `source` are those of the rows that do not state their own.

    >>> Files(paths=("data/*.jsonl",), licence="MIT").licence
    'MIT'
    """

    version: ClassVar[int] = 1
    paths: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    licence: str = ""
    language: str = ""
    consent: str = ""
    source: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if not self.paths or not all(self.paths):
            raise InputError(f"paths are {self.paths!r}; name at least one file")

    def inputs(self, context: SourceContext) -> tuple[SourceInput, ...]:
        """Each file, in the order of `paths`, those of a pattern by name, with the hash of its bytes."""
        return tuple(one for path in self.paths for one in _found(path, context))

    def read(self, given: SourceInput, context: SourceContext) -> Iterator[Batch | BadSourceRow]:
        """The rows of one file."""
        defaults = Defaults(licence=self.licence, language=self.language, consent=self.consent, source=self.source)
        reading = Reading(fields=self.fields, defaults=defaults, keep=context.keep)
        for found in iter_record_batches([Path(given.path)], reading):
            yield BadSourceRow(found.number, found.reason) if isinstance(found, BadRow) else found


def _found(path: str, context: SourceContext) -> Iterator[SourceInput]:
    if is_url(path):
        if context.objects is None:
            raise InputError(f"{path!r} is a URL, and there is no folder to keep it in; give one")
        for url in find_objects(path, context.storage_options):
            copy = fetch_object(url, context.objects, context.storage_options)
            yield SourceInput(DatasetSource(name=url, sha256=_hash(copy)), str(copy))
        return
    # An absolute path is of one machine: only the file's name goes into what identifies the version.
    if Path(path).is_absolute():
        found = sorted(Path(path).parent.glob(Path(path).name))
        names = [one.name for one in found]
    else:
        found = sorted(context.folder.glob(path))
        names = [one.relative_to(context.folder).as_posix() for one in found]
    files = [(name, one) for name, one in zip(names, found, strict=True) if one.is_file()]
    if not files:
        raise NotFoundError(f"no file {path!r} in {str(context.folder)!r}; check the path")
    for name, one in files:
        yield SourceInput(DatasetSource(name=name, sha256=_hash(one)), str(one))


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise explain(error, path) from error
