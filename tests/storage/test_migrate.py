"""Migrations make exactly the tables that the program knows, and an old or newer workspace is told so."""

from __future__ import annotations

import importlib
import warnings

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from preceptor.core.errors import ConflictError
from preceptor.storage.database import metadata, open_database
from preceptor.storage.migrate import HEAD, current_revision, require_current, upgrade

STORES = (
    "governance",
    "models",
    "traces",
    "grading",
    "triage",
    "labeling",
    "qc",
    "datasets",
    "evals",
    "judges",
    "gates",
)


def test_migrations_and_stores_agree(database):
    for name in STORES:
        importlib.import_module(f"preceptor.{name}.store")
    with database.read() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_upgrading_twice_changes_nothing(database):
    assert upgrade(database) == (HEAD, HEAD)
    require_current(database)


def test_an_older_workspace_is_told_to_upgrade(database):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(ConflictError, match="'0000', this program needs .* `preceptor upgrade`"):
        require_current(database)


def test_a_newer_workspace_is_left_alone(database):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match="newer than this program's"):
        require_current(database)
    with pytest.raises(ConflictError, match="newer than this program's"):
        upgrade(database)
    assert current_revision(database) == "9999"


def test_an_empty_database_has_no_revision(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert current_revision(database) is None
    with pytest.raises(ConflictError, match="revision 'none'"):
        require_current(database)
