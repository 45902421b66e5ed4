"""Withdraw a record, and find every version that holds it with what was made from that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from preceptor.core.errors import InputError, NotFoundError
from preceptor.datasets.approvals import standing
from preceptor.datasets.read_version import iter_files
from preceptor.datasets.registry_types import Holder, WithdrawnRecord
from preceptor.datasets.store import StageStore, VersionNumberStore
from preceptor.datasets.types import DatasetVersion
from preceptor.governance.provenance import walk
from preceptor.governance.store import LinkStore

LONGEST_REASON = 4_000
LONGEST_ID = 100
ROWS_AT_ONCE = 65_536


class Holding(NamedTuple):
    """The wanted records that each version holds, by the version's id; `unread` versions lack their files."""

    held: dict[str, tuple[str, ...]]
    unread: tuple[str, ...]


class Holders(NamedTuple):
    """The versions that hold a record, and the ids of those whose files are gone, so that nobody knows."""

    found: tuple[Holder, ...]
    unread: tuple[str, ...]


def withdraw_record(record_id: str, reason: str, by: str, at: datetime) -> WithdrawnRecord:
    """The withdrawal, to be kept; the record need not stand in any version yet.

    Raises InputError for a blank id, reason or name, or one that is too long.
    """
    for what, text, longest in (
        ("record id", record_id, LONGEST_ID),
        ("reason", reason, LONGEST_REASON),
        ("actor", by, LONGEST_ID),
    ):
        if not text.strip() or len(text) > longest:
            raise InputError(f"the {what} is {text[:60]!r}; write 1 to {longest} characters")
    return WithdrawnRecord(record_id=record_id, reason=reason, by=by, at=at)


def holding(record_ids: Collection[str], versions: Iterable[DatasetVersion]) -> Holding:
    """Which of the records each version holds, read from the ids in its files alone; ids sorted.

    A version that holds none is left out.
    """
    wanted = pa.array(sorted(set(record_ids)), pa.string())
    held: dict[str, tuple[str, ...]] = {}
    unread: list[str] = []
    for version in versions if len(wanted) else ():
        try:
            found = _ids_in(Path(version.folder), wanted)
        except NotFoundError:
            unread.append(version.id)
        else:
            if found:
                held[version.id] = found
    return Holding(held, tuple(unread))


def holders(
    record_ids: Collection[str],
    versions: Iterable[DatasetVersion],
    stages: StageStore,
    numbers: VersionNumberStore,
    links: LinkStore,
) -> Holders:
    """Every version that holds one of the records, in the order given: its stage, and what descends from it."""
    by_id = {version.id: version for version in versions}
    looked, found = holding(record_ids, by_id.values()), []
    for version_id, ids in looked.held.items():
        version, entry = by_id[version_id], numbers.find(version_id)
        made = walk(version_id, links.list_made, forward=True)
        now = standing(stages.list_for(version_id), version.manifest.governance)
        found.append(
            Holder(
                version_id=version_id,
                name=version.name,
                number=entry.number if entry else None,
                stage=now.stage,
                record_ids=ids,
                descendants=tuple(dict.fromkeys(link.made for link in made)),
            )
        )
    return Holders(tuple(found), looked.unread)


def _ids_in(folder: Path, wanted: pa.Array) -> tuple[str, ...]:
    found: list[str] = []
    for file in iter_files(folder):
        try:
            with pq.ParquetFile(file.path) as opened:
                for batch in opened.iter_batches(batch_size=ROWS_AT_ONCE, columns=["id"]):
                    ids = batch.column("id")
                    found += ids.filter(pc.is_in(ids, wanted)).to_pylist()
        except pa.ArrowException as error:
            raise InputError(f"{str(file.path)!r} cannot be read: {error}; restore the version") from error
    return tuple(sorted(found))
