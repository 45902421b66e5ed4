"""A withdrawn record is found in every version that holds it, with what was made from that."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.approvals import first_word, make_word
from preceptor.datasets.changelog import changelog_entry
from preceptor.datasets.commit import commit
from preceptor.datasets.semantic_version import propose
from preceptor.datasets.store import DatasetVersionStore, StageStore, VersionNumberStore, WithdrawnRecordStore
from preceptor.datasets.types import DatasetDraft
from preceptor.datasets.withdraw import holders, holding, withdraw_record
from preceptor.governance.store import LinkStore
from preceptor.governance.types import Link


@pytest.fixture
def versions(records, tmp_path, clock):
    """Three versions of six, three and two records."""
    drafts = (records, records[:3], records[4:])
    return [commit(DatasetDraft(name="d", records=some), tmp_path, clock) for some in drafts]


def test_every_version_that_holds_one_of_the_records_is_found(versions, records):
    found = holding([records[0].id, records[5].id, "record_nowhere"], versions)
    assert found.held == {
        versions[0].id: tuple(sorted((records[0].id, records[5].id))),
        versions[1].id: (records[0].id,),
        versions[2].id: (records[5].id,),
    }
    assert holding([], versions).held == {}


def test_a_version_whose_files_are_gone_is_named(versions, records):
    shutil.rmtree(versions[1].folder)
    assert holding([records[0].id], versions).unread == (versions[1].id,)


def test_holders_say_stage_number_and_descendants(database, versions, records, clock):
    version, later = versions[0], versions[1]
    with database.write() as connection:
        kept, stages, numbers = DatasetVersionStore(connection), StageStore(connection), VersionNumberStore(connection)
        kept.add(version)
        kept.add(later)
        word = first_word(version.id, "ada", clock())
        stages.add(word)
        stages.add(make_word(replace(word, stage="withdrawn", note="a leak")))
        numbers.add(changelog_entry(version, propose(None, None), None, "ada", clock()))
        links = LinkStore(connection)
        links.add(
            [
                Link(made="training_1", relation="trained_on", source=version.id),
                Link(made="run_1", relation="ran", source="training_1"),
            ]
        )
        found = holders([records[0].id], [version, later], stages, numbers, links)
    first, second = found.found
    assert (first.version_id, first.number, first.stage) == (version.id, "1.0.0", "withdrawn")
    assert first.descendants == ("training_1", "run_1")
    assert (second.version_id, second.number, second.stage, second.descendants) == (later.id, None, "draft", ())


def test_a_withdrawal_is_kept_once_and_for_ever(database, clock):
    first = withdraw_record("record_1", "asked by the customer", "ada", clock())
    with database.write() as connection:
        store = WithdrawnRecordStore(connection)
        assert store.add(first) == first
        assert store.add(withdraw_record("record_1", "another reason", "bob", clock())) == first
        store.add(withdraw_record("record_0", "leak", "bob", clock()))
        assert store.withdrawn_ids() == {"record_0", "record_1"}
        assert [one.record_id for one in store.iter_all()] == ["record_0", "record_1"]
        assert store.find("record_2") is None


@pytest.mark.parametrize(("record_id", "reason"), [("", "why"), ("record_1", " "), ("x" * 101, "why")])
def test_a_withdrawal_names_the_record_and_says_why(record_id, reason, clock):
    with pytest.raises(InputError, match="write 1 to"):
        withdraw_record(record_id, reason, "ada", clock())
