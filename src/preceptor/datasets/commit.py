"""Commit records as an immutable version: a folder that is there whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from preceptor.core.clock import Clock
from preceptor.core.errors import ConflictError, InputError
from preceptor.datasets.card import data_file, render_card
from preceptor.datasets.composition import composition
from preceptor.datasets.manifest import MANIFEST_FILE, hash_records, manifest_text, read_manifest, version_id
from preceptor.datasets.parquet import parquet_bytes, uses_tools
from preceptor.datasets.types import CheckResult, DatasetDraft, DatasetVersion, Manifest, Record, Refused
from preceptor.datasets.verify_version import verify_version
from preceptor.datasets.whole_folder import sole_writer, write_folder

CARD_FILE = "README.md"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True, kw_only=True)
class _Version:
    manifest: Manifest
    files: dict[str, bytes]


def commit(draft: DatasetDraft, folder: Path, clock: Clock) -> DatasetVersion | Refused:
    """The version, on disk under `<folder>/<name>/<id>`; Refused when a blocking check objected to a record.

    The order of the records does not matter; one without a split goes to `train`. Committing the
    same content again gives the version that is there. Raises InputError for an empty dataset, a
    name that is no folder name, or records that stand twice; ConflictError when the checks ran on
    other records, or when the version that is there was changed; StorageError when the disk
    refuses: then nothing is to be seen, and what was there is intact.
    """
    _require_usable(draft)
    failing = tuple(result for result in draft.checks if result.blocks and result.findings)
    if failing:
        return Refused(name=draft.name, failing=failing)
    version = _render(draft)
    number = version_id(version.manifest)
    path = folder / draft.name / number
    with sole_writer(path.parent):
        if path.exists():
            _require_intact(path)
        else:
            write_folder(path, version.files)
    return DatasetVersion(
        id=number, name=draft.name, manifest=read_manifest(path), folder=str(path), created_at=clock()
    )


def _require_usable(draft: DatasetDraft) -> None:
    if not _NAME.fullmatch(draft.name):
        raise InputError(f"the dataset name {draft.name!r:.110} must be a-z, 0-9, . _ or -, up to 100 of them")
    if not draft.records:
        raise InputError(f"dataset {draft.name!r} has no records; a version needs at least one")
    number, count = Counter(record.id for record in draft.records).most_common(1)[0]
    if count > 1:
        raise InputError(f"record {number!r} stands {count} times; drop what the check exact_duplicate finds")
    for result in draft.checks:
        if result.num_checked not in {len(draft.records), 0} or (result.num_checked == 0 and not result.reason):
            raise ConflictError(
                f"the check {result.check!r} ran on {result.num_checked} records, {len(draft.records)} are to be "
                "committed; run the checks on exactly these"
            )


def _render(draft: DatasetDraft) -> _Version:
    records = sorted((replace(record, split=record.split or "train") for record in draft.records), key=lambda r: r.id)
    made_of = composition(records)
    files = {data_file(kind, split): _data(records, kind, split) for kind, split in made_of.splits}
    manifest = Manifest(
        name=draft.name,
        num_records=len(records),
        splits=dict(sorted(Counter(str(record.split) for record in records).items())),
        kinds=dict(sorted(Counter(str(record.kind) for record in records).items())),
        files={},
        checks=tuple(_without_indexes(result) for result in draft.checks),
        settings=draft.settings,
        parents=tuple(sorted(set(draft.parents))),
        records_hash=hash_records(records),
        notes=draft.notes,
    )
    files[CARD_FILE] = render_card(manifest, made_of).encode()
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    manifest = replace(manifest, files=hashes)
    files[MANIFEST_FILE] = manifest_text(manifest).encode()
    return _Version(manifest=manifest, files=files)


def _data(records: Sequence[Record], kind: str, split: str) -> bytes:
    of_kind = [record for record in records if record.kind == kind]
    has_tools = any(uses_tools(record) for record in of_kind)
    chosen = [record for record in of_kind if record.split == split]
    return parquet_bytes(chosen, chosen[0].kind, has_tools)


def _without_indexes(result: CheckResult) -> CheckResult:
    """The result with findings that name records by id alone: a version has no order of its own."""
    findings = sorted((replace(found, index=None) for found in result.findings), key=lambda f: (f.record_id, f.reason))
    return replace(result, findings=tuple(findings))


def _require_intact(path: Path) -> None:
    problems = verify_version(path)
    if problems:
        raise ConflictError(
            f"the version {str(path)!r} was changed after it was written: {problems[0]}; restore it from a copy"
        )
