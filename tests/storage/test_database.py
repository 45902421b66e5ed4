"""What is acknowledged is kept, what fails leaves nothing, and errors say what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from preceptor.core.errors import ConflictError, InputError, StorageError
from preceptor.governance.store import AuditStore, LinkStore, links
from preceptor.governance.types import Link
from preceptor.storage.database import explain, open_database
from preceptor.storage.migrate import upgrade

LINK = Link(made="a", relation="made_from", source="b")


def test_a_block_that_fails_writes_nothing(database):
    with pytest.raises(RuntimeError), database.write() as connection:
        LinkStore(connection).add([LINK])
        raise RuntimeError
    with database.read() as connection:
        assert LinkStore(connection).list_sources("a") == []


def test_links_are_kept_once_and_read_both_ways(database):
    for _ in range(2):
        with database.write() as connection:
            LinkStore(connection).add([LINK, Link(made="c", relation="made_from", source="b", details={"n": 1})])
            LinkStore(connection).add([])
    with database.read() as connection:
        assert LinkStore(connection).list_sources("a") == [LINK]
        assert [link.made for link in LinkStore(connection).list_made("b")] == ["a", "c"]
        assert LinkStore(connection).list_made("b")[1].details == {"n": 1}


def test_the_same_key_twice_is_a_conflict(database):
    row = {"made": "a", "relation": "r", "source": "b", "details": {}}
    with database.write() as connection:
        connection.execute(insert(links), [row])
    with pytest.raises(ConflictError, match="already there"), database.write() as connection:
        connection.execute(insert(links), [row])


def test_writers_take_turns_and_lose_nothing(database, clock):
    """Eight threads append to the audit log at once; the chain holds every entry, in order."""

    def append(actor: str) -> None:
        for _ in range(5):
            with database.write() as connection:
                AuditStore(connection).add(at=clock(), actor=actor, action="a", subject="s", details={})

    threads = [threading.Thread(target=append, args=(f"actor_{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert [entry.sequence for entry in AuditStore(connection).iter_all()] == list(range(1, 41))


WRITER = """
import sys
from preceptor.core.clock import system_clock
from preceptor.governance.store import AuditStore
from preceptor.storage.database import open_database

database = open_database(sys.argv[1])
while True:
    with database.write() as connection:
        entry = AuditStore(connection).add(at=system_clock(), actor="a", action="a", subject="s", details={})
    print(entry.sequence, flush=True)
"""


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path):
    url = f"sqlite:///{tmp_path / 'kill.db'}"
    database = open_database(url)
    upgrade(database)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(writer.stdout.readline()) for _ in range(20)]
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate()
    acknowledged += [int(line) for line in rest.split()]
    with database.read() as connection:
        kept = [entry.sequence for entry in AuditStore(connection).iter_all()]
    assert kept[: len(acknowledged)] == acknowledged


def test_sqlite_is_opened_safely(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path):
    """SQLite's own page limit makes it say that the disk is full."""
    database = open_database(f"sqlite:///{tmp_path / 'full.db'}")
    upgrade(database)
    with database.write() as connection:
        LinkStore(connection).add([LINK])
    with pytest.raises(StorageError, match="no space left for the database"), database.write() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count={pages}"))
        for number in range(1000):
            connection.execute(
                insert(links), [{"made": "x" * 90, "relation": "r", "source": str(number), "details": {}}]
            )
    with database.read() as connection:
        assert LinkStore(connection).list_sources("a") == [LINK]


@pytest.mark.parametrize("url", ["nonsense", "mysterydb://x", ""])
def test_an_address_that_means_nothing_is_refused_without_showing_it(url):
    with pytest.raises(InputError, match="database address"):
        open_database(url)


def test_a_missing_driver_names_the_extra(monkeypatch):
    def missing(*_args: object, **_settings: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr("preceptor.storage.database.create_engine", missing)
    with pytest.raises(InputError, match="preceptor\\[postgres\\]"):
        open_database("postgresql://localhost/x")


def test_errors_never_show_the_statement_or_its_values():
    error = OperationalError("INSERT INTO t VALUES (:secret)", {"secret": "hunter2"}, Exception("database is locked"))
    assert "another process" in str(explain(error))
    assert "hunter2" not in str(explain(OperationalError("x", {"secret": "hunter2"}, Exception("odd"))))


def test_json_is_kept_as_canonical_text(database):
    with database.write() as connection:
        LinkStore(connection).add([Link(made="j", relation="r", source="s", details={"b": 1, "a": "é"})])
        kept = connection.execute(text("SELECT details FROM links")).scalar()
    assert kept == '{"a":"é","b":1}'
    with database.read() as connection:
        assert connection.execute(select(links.c.details)).scalar() == {"a": "é", "b": 1}
