"""Some records of a version are read alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from preceptor.core.errors import NotFoundError
from preceptor.datasets.chosen_records import chosen_records
from preceptor.datasets.commit import commit
from preceptor.datasets.types import DatasetDraft


def test_they_come_back_whole_in_the_versions_order(records, tmp_path, clock):
    folder = Path(commit(DatasetDraft(name="d", records=records), tmp_path, clock).folder)
    wanted = [records[5].id, records[1].id, records[3].id, "record_nowhere"]
    found = list(chosen_records(folder, wanted))
    assert sorted(found, key=lambda record: record.id) == sorted(
        (records[1], records[3], records[5]), key=lambda record: record.id
    )
    assert [record.kind for record in found] == ["sft", "sft", "preference"]
    assert list(chosen_records(folder, [])) == []


def test_a_folder_without_a_version_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match="no dataset version"):
        list(chosen_records(tmp_path, ["record_1"]))
