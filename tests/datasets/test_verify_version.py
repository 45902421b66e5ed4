"""Whatever was changed in a version's folder is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.datasets.commit import commit
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.types import DatasetDraft
from preceptor.datasets.verify_version import verify_version

TRAIN = "data/sft/train-00000-of-00001.parquet"


@pytest.fixture
def folder(records, tmp_path, clock) -> Path:
    return Path(commit(DatasetDraft(name="support", records=records), tmp_path, clock).folder)


def test_a_changed_file_is_named(folder):
    with (folder / TRAIN).open("ab") as stream:
        stream.write(b"x")
    (problem,) = verify_version(folder)
    assert problem.startswith(f"{TRAIN} was changed")


def test_a_removed_and_an_added_file_are_named(folder):
    (folder / TRAIN).rename(folder / "data" / "other.parquet")
    assert verify_version(folder) == (f"{TRAIN} is missing", "data/other.parquet was added")


def test_a_rewritten_manifest_no_longer_gives_its_id(folder):
    path = folder / "manifest.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    written["checks"] = []
    written["num_records"] = 7
    path.write_text(json.dumps(written), encoding="utf-8")
    (problem,) = verify_version(folder)
    assert f"not {written['id']!r}" in problem


def test_a_manifest_that_points_outside_is_refused(folder):
    path = folder / "manifest.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    written["files"]["../../secret"] = "0" * 64
    path.write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(InputError, match="outside the version"):
        verify_version(folder)


def test_a_folder_without_a_version_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match="it has no manifest"):
        verify_version(tmp_path)


def test_a_missing_file_is_not_found_when_records_are_read(folder):
    (folder / TRAIN).unlink()
    with pytest.raises(NotFoundError, match="lacks data/sft/train"):
        list(read_version_records(folder))


def test_a_file_that_is_no_parquet_is_refused(folder):
    (folder / TRAIN).write_bytes(b"PAR1 not really")
    with pytest.raises(InputError, match="is not a file of sft records"):
        list(read_version_records(folder))
