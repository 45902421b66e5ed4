"""Migrations make exactly the tables that the program knows, and an old or newer workspace is told so."""

from __future__ import annotations

import importlib
import warnings

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from preceptor.core.errors import ConflictError
from preceptor.storage.database import metadata, open_database
from preceptor.storage.migrate import HEAD, MIGRATIONS, current_revision, require_current, upgrade

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


def test_a_workspace_before_the_registry_keeps_its_dataset_versions(tmp_path):
    """Revision 0002 has versions and no registry; upgrading adds the tables and leaves the rows."""
    database = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO dataset_versions VALUES ('dataset_1', 'd', '{}', '/d', '2026')"))
    assert upgrade(database) == ("0002", HEAD)
    with database.read() as connection:
        assert connection.execute(text("SELECT id FROM dataset_versions")).scalars().all() == ["dataset_1"]
        assert connection.execute(text("SELECT count(*) FROM dataset_stages")).scalar() == 0
    database.close()
