"""Dataset versions are kept once and found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from preceptor.core.errors import ConflictError, NotFoundError, StorageError
from preceptor.datasets.approvals import first_word, make_word
from preceptor.datasets.changelog import changelog_entry
from preceptor.datasets.check import CheckContext
from preceptor.datasets.commit import commit
from preceptor.datasets.run_checks import DEFAULT_ENTRIES, CheckEntry, run_checks
from preceptor.datasets.semantic_version import propose
from preceptor.datasets.store import DatasetVersionStore, StageStore, VersionNumberStore, WithdrawnRecordStore
from preceptor.datasets.types import DatasetDraft, DatasetNotes, DatasetVersion
from preceptor.datasets.withdraw import withdraw_record
from preceptor.qc.types import Agreement
from preceptor.stats.types import Interval


@pytest.fixture
def version(sft, tmp_path, clock) -> DatasetVersion:
    alpha = Agreement(
        coefficient="krippendorff_alpha",
        value=0.7,
        interval=Interval(0.5, 0.8),
        confidence=0.95,
        num_items=2,
        num_annotators=2,
        num_answers=4,
    )
    records = (sft("a", "b"), sft("A", "b"))
    entries = [replace(entry, blocks=False) for entry in DEFAULT_ENTRIES]
    results = run_checks(records, [*entries, CheckEntry(kind="schema")], CheckContext(eval_texts={}))
    notes = DatasetNotes(title="Support", agreement={"helpful": alpha}, limitations=("small",))
    draft = DatasetDraft(name="support", records=records, checks=results, notes=notes, settings={"seed": 1})
    return commit(draft, tmp_path, clock)


def test_a_version_comes_back_as_it_was(database, version):
    with database.write() as connection:
        DatasetVersionStore(connection).add(version)
    with database.read() as connection:
        assert DatasetVersionStore(connection).get(version.id) == version


def test_adding_again_keeps_the_first(database, version):
    later = replace(version, created_at=version.created_at + timedelta(days=1))
    with database.write() as connection:
        store = DatasetVersionStore(connection)
        store.add(version)
        assert store.add(later) == version
        assert store.list_versions() == [version]


def test_versions_are_listed_newest_first(database, version):
    day = timedelta(days=1)
    older = replace(version, id="dataset_old", created_at=version.created_at - day)
    other = replace(version, id="dataset_other", name="other", created_at=version.created_at + day)
    with database.write() as connection:
        store = DatasetVersionStore(connection)
        for one in (older, version, other):
            store.add(one)
        assert store.list_versions("support") == [version, older]
        assert [one.id for one in store.list_versions()] == ["dataset_other", version.id, "dataset_old"]
        assert store.find_newest("support") == version
        assert store.find_newest("none") is None


def test_an_unknown_version_is_not_found(database):
    with database.read() as connection, pytest.raises(NotFoundError, match="no dataset version 'dataset_x'"):
        DatasetVersionStore(connection).get("dataset_x")


@pytest.fixture
def kept(database, version) -> DatasetVersion:
    with database.write() as connection:
        DatasetVersionStore(connection).add(version)
    return version


def test_words_on_stages_come_back_in_order(database, kept, clock):
    first = first_word(kept.id, "ada", clock())
    later = make_word(replace(first, stage="reviewed", role="lead", by="bob", at=clock() + timedelta(days=1), note="é"))
    with database.write() as connection:
        store = StageStore(connection)
        store.add(later)
        store.add(first)
        assert store.list_for(kept.id) == [first, later]
        assert store.list_for("dataset_x") == []


def test_a_number_is_given_once_to_a_version_and_once_in_a_dataset(database, kept, version, clock):
    entry = changelog_entry(kept, propose(None, None), None, "ada", clock())
    with database.write() as connection:
        store = VersionNumberStore(connection)
        assert store.add(entry) == entry
        assert store.add(replace(entry, number="9.0.0")) == entry
        assert store.find_numbered("support", "1.0.0") == entry
        assert store.find_numbered("support", "9.0.0") is None
        DatasetVersionStore(connection).add(replace(version, id="dataset_other"))
    with pytest.raises(ConflictError, match="same key"), database.write() as connection:
        VersionNumberStore(connection).add(replace(entry, version_id="dataset_other"))


def test_the_changelog_has_the_highest_number_first(database, kept, version, clock):
    entry = changelog_entry(kept, propose(None, None), None, "ada", clock())
    with database.write() as connection:
        DatasetVersionStore(connection).add(replace(version, id="dataset_other"))
        store = VersionNumberStore(connection)
        store.add(replace(entry, number="1.9.0"))
        store.add(replace(entry, version_id="dataset_other", number="1.10.0"))
        assert [one.number for one in store.list_for("support")] == ["1.10.0", "1.9.0"]


@pytest.mark.parametrize("change", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"), [("dataset_stages", "note"), ("dataset_numbers", "number"), ("withdrawn_records", "reason")]
)
def test_the_database_refuses_to_change_what_was_said(database, kept, clock, table, column, change):
    with database.write() as connection:
        StageStore(connection).add(first_word(kept.id, "ada", clock()))
        VersionNumberStore(connection).add(changelog_entry(kept, propose(None, None), None, "ada", clock()))
        WithdrawnRecordStore(connection).add(withdraw_record("record_1", "why", "ada", clock()))
    with pytest.raises(StorageError, match="append-only"), database.write() as connection:
        connection.execute(text(change.format(table, column)))
