"""One way to the database: SQLite in the workspace, or PostgreSQL, with the same promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, MetaData, Text, TypeDecorator, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from preceptor.core.errors import ConflictError, InputError, StorageError
from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonValue

metadata = MetaData()
"""Every table; each capability's `store.py` adds its own."""

BUSY_TIMEOUT_SECONDS = 30
AUDIT_LOCK = 7_318_349_394_477_056_626  # any fixed number: one lock for one log


class JsonText(TypeDecorator[JsonValue]):
    """A JSON value kept as canonical text, so that what is read hashes as what was written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text that is stored."""
        return None if value is None else canonical_json(value).decode("utf-8")

    def process_result_value(self, value: str | None, dialect: Dialect) -> JsonValue:  # noqa: ARG002 - SQLAlchemy's signature
        """The value that was stored."""
        return None if value is None else json.loads(value)


class Database:
    """An open database; `read` and `write` give connections inside one transaction each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state."""
        with self.keep_reader() as reader, reader.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose changes are all on disk when the block ends, or none is.

        Writers wait for each other, so what a writer reads cannot change before it commits.
        """
        with self.keep_writer() as writer, writer.write() as connection:
            yield connection

    @contextmanager
    def keep_reader(self) -> Iterator[Reader]:
        """One connection for many reads, one after another: opening it can take longer than a small read."""
        with explained(), self.engine.connect() as connection:
            yield Reader(connection)

    @contextmanager
    def keep_writer(self) -> Iterator[Writer]:
        """One connection for many writes, one after another: opening it can take longer than a small write."""
        with explained(), self.engine.connect() as connection:
            yield Writer(connection.execution_options(preceptor_write=True))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


class Reader:
    """An open connection that reads, one transaction after another; not for two threads at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """The connection, as `Database.read` gives it: what others wrote since the last time is seen."""
        with explained(), self._connection.begin():
            yield self._connection


class Writer:
    """An open connection that writes, one transaction after another; not for two threads at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The connection, as `Database.write` gives it."""
        with explained(), self._connection.begin():
            if self._connection.dialect.name == "postgresql":
                self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": AUDIT_LOCK})
            yield self._connection


@contextmanager
def explained() -> Iterator[None]:
    """Turns what the database says into our error."""
    try:
        yield
    except DBAPIError as error:
        raise explain(error) from error


def open_database(url: str) -> Database:
    """The database at this address; nothing is created but SQLite's empty file.

    Raises InputError for an address that no driver here understands.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite":
            return Database(_sqlite(str(parsed.database or ":memory:")))
        return Database(create_engine(parsed, pool_pre_ping=True))
    except (ArgumentError, NoSuchModuleError) as error:
        raise InputError("the database address cannot be read; write sqlite:///FILE or postgresql://…") from error
    except ModuleNotFoundError as error:
        raise InputError(
            f"PostgreSQL needs the package {error.name!r}; run `pip install 'preceptor[postgres]'`"
        ) from error


def explain(error: DBAPIError) -> StorageError | ConflictError:
    """Our error for what the database said, without the statement's values: they may be personal."""
    said = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    if "disk is full" in said or "No space left" in said:
        return StorageError("no space left for the database; free some and run the same command again")
    if "UNIQUE constraint" in said or "duplicate key" in said:
        return ConflictError(f"a record with the same key is already there ({said})")
    if isinstance(error, OperationalError) and "locked" in said:
        return StorageError("another process holds the database; wait for it to finish and run again")
    return StorageError(f"the database refused: {said}")


def _sqlite(path: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool if path != ":memory:" else None,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        is_writer = connection.get_execution_options().get("preceptor_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine
