"""Bring a database to the tables that this program knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from preceptor.core.errors import ConflictError
from preceptor.storage.database import Database

HEAD = "0003"
MIGRATIONS = Path(__file__).parent / "migrations"


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; None for one that has no tables of ours."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_current(database: Database) -> None:
    """Nothing when the tables are the ones this program knows.

    Raises ConflictError, saying what to run, for an older or a newer database: it is left as it is.
    """
    revision = current_revision(database)
    if revision == HEAD:
        return
    if revision is None or revision < HEAD:
        raise ConflictError(
            f"the workspace's database is at revision {revision or 'none'!r}, this program needs {HEAD!r}; "
            "make a copy of it, then run `preceptor upgrade`"
        )
    raise ConflictError(
        f"the workspace's database is at revision {revision!r}, newer than this program's {HEAD!r}; "
        "install the newer preceptor that wrote it"
    )


def upgrade(database: Database) -> tuple[str | None, str]:
    """Run the missing migrations in one transaction; the revisions before and after."""
    # Alembic costs 0.1 s to import, and only `init` and `upgrade` need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    before = current_revision(database)
    if before is not None and before > HEAD:
        require_current(database)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, HEAD
