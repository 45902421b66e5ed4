"""The audit log finds every kind of tampering."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import text

from preceptor.core.clock import Clock
from preceptor.core.errors import StorageError
from preceptor.core.ids import content_hash, plain
from preceptor.governance.audit import verify
from preceptor.governance.merkle import merkle_root
from preceptor.governance.store import AuditStore
from preceptor.governance.types import AuditEntry
from preceptor.storage.database import Database

# The eight test leaves of Certificate Transparency (RFC 6962 implementations' common test vector).
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]


@pytest.fixture
def entries(database: Database, clock: Clock) -> list[AuditEntry]:
    with database.write() as connection:
        for number in range(5):
            AuditStore(connection).add(
                at=clock(),
                actor="ada",
                action="label.submit",
                subject=f"task_{number}",
                details={"value": number},
            )
    with database.read() as connection:
        return list(AuditStore(connection).iter_all())


@pytest.mark.parametrize(
    ("size", "start", "end"),
    [(0, "e3b0c442", "b855"), (1, "6e340b9c", "a01d"), (3, "aeb6bcfe", "6e77"), (8, "5dc9da79", "4328")],
)
def test_merkle_roots_match_rfc_6962_vectors(size, start, end):
    root = merkle_root(CT_LEAVES[:size])
    assert root.startswith(start)
    assert root.endswith(end)


def test_untouched_log_has_no_problems(entries):
    report = verify(entries)
    assert report.num_entries == 5
    assert report.problems == ()


def test_changed_entry_is_named(entries):
    entries[2] = dataclasses.replace(entries[2], details={"value": 99})
    assert [problem.sequence for problem in verify(entries).problems] == [3]


def test_changed_entry_with_new_hash_breaks_the_next(entries):
    changed = dataclasses.replace(entries[2], actor="mallory")
    content = {key: value for key, value in plain(changed).items() if key != "hash"}
    entries[2] = dataclasses.replace(changed, hash=content_hash(content))
    assert [problem.sequence for problem in verify(entries).problems] == [4]


def test_removed_entry_is_named(entries):
    del entries[2]
    problems = verify(entries).problems
    assert {problem.sequence for problem in problems} == {4}
    assert "entries 3 to 3 are missing" in problems[0].problem


def test_reordered_entries_are_named(entries):
    entries[1], entries[2] = entries[2], entries[1]
    assert {2, 3} <= {problem.sequence for problem in verify(entries).problems}


def test_inserted_entry_is_named(entries):
    entries.insert(3, dataclasses.replace(entries[2], actor="mallory"))
    assert 3 in {problem.sequence for problem in verify(entries).problems}


def test_truncation_is_found_against_a_kept_root(entries):
    root = verify(entries).root
    assert verify(entries[:4]).problems == ()
    assert "never had the root" in verify(entries[:4], root).problems[0].problem


def test_an_older_root_is_recognised(entries):
    older = verify(entries[:3]).root
    report = verify(entries, older)
    assert report.root_matches_at == 3
    assert report.problems == ()


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'mallory'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_the_log(entries, database, statement):
    with pytest.raises(StorageError, match="append-only"), database.write() as connection:
        connection.execute(text(statement))
    with database.read() as connection:
        assert list(AuditStore(connection).iter_all()) == entries
