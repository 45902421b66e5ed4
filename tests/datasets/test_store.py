"""Dataset versions are kept once and found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from preceptor.core.errors import NotFoundError
from preceptor.datasets.check import CheckContext
from preceptor.datasets.commit import commit
from preceptor.datasets.run_checks import DEFAULT_ENTRIES, CheckEntry, run_checks
from preceptor.datasets.store import DatasetVersionStore
from preceptor.datasets.types import DatasetDraft, DatasetNotes, DatasetVersion
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
