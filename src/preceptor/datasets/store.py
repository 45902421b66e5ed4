"""Dataset versions and their registry in the database; their records lie in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Row,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
)

from preceptor.core.clock import from_text, to_text
from preceptor.core.errors import NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.datasets.manifest import parse_manifest
from preceptor.datasets.registry_types import ChangelogEntry, StageWord, WithdrawnRecord
from preceptor.datasets.semantic_version import parse_number
from preceptor.datasets.types import DatasetVersion
from preceptor.storage.database import JsonText, metadata

dataset_versions = Table(
    "dataset_versions",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("name", String(200), nullable=False, index=True),
    Column("manifest", JsonText, nullable=False),
    Column("folder", Text, nullable=False),
    Column("created_at", String(40), nullable=False),
)

dataset_stages = Table(
    "dataset_stages",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("version_id", ForeignKey("dataset_versions.id"), nullable=False, index=True),
    Column("stage", String(20), nullable=False),
    Column("role", String(200), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", String(40), nullable=False),
    Column("note", Text, nullable=False),
)

dataset_numbers = Table(
    "dataset_numbers",
    metadata,
    Column("version_id", ForeignKey("dataset_versions.id"), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("number", String(40), nullable=False),
    Column("entry", JsonText, nullable=False),
    Column("at", String(40), nullable=False),
    UniqueConstraint("name", "number", name="dataset_numbers_once_a_name"),
)

withdrawn_records = Table(
    "withdrawn_records",
    metadata,
    Column("record_id", String(100), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", String(40), nullable=False),
)


@dataclass(frozen=True)
class DatasetVersionStore:
    """Dataset versions on one connection; they are added, never changed."""

    connection: Connection

    def add(self, version: DatasetVersion) -> DatasetVersion:
        """The version as kept: the one that is already there under this id stays as it is."""
        kept = self.find(version.id)
        if kept is not None:
            return kept
        row = {
            "id": version.id,
            "name": version.name,
            "manifest": plain_object(version.manifest),
            "folder": version.folder,
            "created_at": to_text(version.created_at),
        }
        self.connection.execute(insert(dataset_versions), [row])
        return version

    def get(self, version_id: str) -> DatasetVersion:
        """The version; NotFoundError for an unknown id."""
        version = self.find(version_id)
        if version is None:
            raise NotFoundError(f"no dataset version {version_id!r}; list the versions to see what there is")
        return version

    def find(self, version_id: str) -> DatasetVersion | None:
        """The version, or None for an unknown id."""
        query = select(dataset_versions).where(dataset_versions.c.id == version_id)
        row = self.connection.execute(query).one_or_none()
        return _version(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name

    def get_newest(self, name_or_id: str) -> DatasetVersion:
        """The version of this id, or the newest of this name; NotFoundError when there is neither."""
        found = self.find(name_or_id) or self.find_newest(name_or_id)
        if found is None:
            raise NotFoundError(f"no dataset version {name_or_id!r}, and no dataset of that name; build one first")
        return found

    def find_newest(self, name: str) -> DatasetVersion | None:
        """The version of this name that was committed last, or None when there is none."""
        query = _newest_first().where(dataset_versions.c.name == name).limit(1)
        row = self.connection.execute(query).one_or_none()
        return _version(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name

    def list_versions(self, name: str | None = None) -> list[DatasetVersion]:
        """The versions of a name, or of all; newest first, ties by id."""
        query = _newest_first()
        if name is not None:
            query = query.where(dataset_versions.c.name == name)
        return [_version(row._mapping) for row in self.connection.execute(query)]  # noqa: SLF001 - public name


@dataclass(frozen=True)
class StageStore:
    """People's words on the stages of versions, on one connection; they are added, never changed."""

    connection: Connection

    def add(self, word: StageWord) -> None:
        """Keep a word; ConflictError when its id is there already."""
        self.connection.execute(insert(dataset_stages), [plain_object(word)])

    def list_for(self, version_id: str) -> list[StageWord]:
        """All words on a version, in the order said (equal moments by id)."""
        query = select(dataset_stages).where(dataset_stages.c.version_id == version_id)
        rows = self.connection.execute(query.order_by(dataset_stages.c.at, dataset_stages.c.id))
        return [msgspec.convert(_plain(row), type=StageWord) for row in rows]


@dataclass(frozen=True)
class VersionNumberStore:
    """Semantic numbers of versions with their changelog, on one connection; they are added, never changed."""

    connection: Connection

    def add(self, entry: ChangelogEntry) -> ChangelogEntry:
        """The entry as kept: a version that has a number keeps it; ConflictError for a number that is taken."""
        kept = self.find(entry.version_id)
        if kept is not None:
            return kept
        row = {
            "version_id": entry.version_id,
            "name": entry.name,
            "number": entry.number,
            "entry": plain_object(entry),
            "at": to_text(entry.at),
        }
        self.connection.execute(insert(dataset_numbers), [row])
        return entry

    def find(self, version_id: str) -> ChangelogEntry | None:
        """The entry of a version, or None for one without a number."""
        query = select(dataset_numbers.c.entry).where(dataset_numbers.c.version_id == version_id)
        entry = self.connection.execute(query).scalar_one_or_none()
        return None if entry is None else msgspec.convert(entry, type=ChangelogEntry)

    def find_numbered(self, name: str, number: str) -> ChangelogEntry | None:
        """The entry of a dataset under a number, or None."""
        chosen = (dataset_numbers.c.name == name) & (dataset_numbers.c.number == number)
        entry = self.connection.execute(select(dataset_numbers.c.entry).where(chosen)).scalar_one_or_none()
        return None if entry is None else msgspec.convert(entry, type=ChangelogEntry)

    def list_for(self, name: str) -> list[ChangelogEntry]:
        """The changelog of a dataset, highest number first."""
        query = select(dataset_numbers.c.entry).where(dataset_numbers.c.name == name)
        found = [msgspec.convert(entry, type=ChangelogEntry) for entry in self.connection.execute(query).scalars()]
        return sorted(found, key=lambda entry: parse_number(entry.number), reverse=True)


@dataclass(frozen=True)
class WithdrawnRecordStore:
    """Records that may not be used any more, on one connection; they are added, never changed."""

    connection: Connection

    def add(self, record: WithdrawnRecord) -> WithdrawnRecord:
        """The withdrawal as kept; one that is there already keeps its first reason and moment."""
        kept = self.find(record.record_id)
        if kept is not None:
            return kept
        self.connection.execute(insert(withdrawn_records), [plain_object(record)])
        return record

    def find(self, record_id: str) -> WithdrawnRecord | None:
        """The withdrawal of a record, or None."""
        query = select(withdrawn_records).where(withdrawn_records.c.record_id == record_id)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else msgspec.convert(_plain(row), type=WithdrawnRecord)

    def iter_all(self) -> Iterator[WithdrawnRecord]:
        """Every withdrawal, in the order made (equal moments by id)."""
        query = select(withdrawn_records).order_by(withdrawn_records.c.at, withdrawn_records.c.record_id)
        for row in self.connection.execute(query):
            yield msgspec.convert(_plain(row), type=WithdrawnRecord)

    def withdrawn_ids(self) -> frozenset[str]:
        """The ids of all withdrawn records: a build leaves these out."""
        return frozenset(self.connection.execute(select(withdrawn_records.c.record_id)).scalars())


def _plain(row: Row[tuple[object, ...]]) -> dict[str, object]:
    """The row under plain names: those of the driver are not, where SQL has the same word."""
    return {str(name): value for name, value in row._mapping.items()}  # noqa: SLF001 - SQLAlchemy's public name


def _newest_first() -> Select[tuple[object, ...]]:
    return select(dataset_versions).order_by(dataset_versions.c.created_at.desc(), dataset_versions.c.id)


def _version(row: RowMapping) -> DatasetVersion:
    number = str(row["id"])
    return DatasetVersion(
        id=number,
        name=str(row["name"]),
        manifest=parse_manifest(cast("JsonObject", row["manifest"]), f"dataset version {number}"),
        folder=str(row["folder"]),
        created_at=from_text(str(row["created_at"])),
    )
