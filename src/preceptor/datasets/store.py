"""Dataset versions in the database; their records lie in files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Column, Connection, RowMapping, Select, String, Table, Text, insert, select

from preceptor.core.clock import from_text, to_text
from preceptor.core.errors import NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.datasets.manifest import parse_manifest
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
