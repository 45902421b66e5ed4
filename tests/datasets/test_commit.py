"""A version is there whole or not at all, and the same content is the same version."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from preceptor.core.errors import ConflictError, InputError, StorageError
from preceptor.datasets import version_files
from preceptor.datasets.check import CheckContext
from preceptor.datasets.commit import commit
from preceptor.datasets.manifest import read_manifest
from preceptor.datasets.read_version import read_version_records
from preceptor.datasets.run_checks import CheckEntry, run_checks
from preceptor.datasets.types import DatasetDraft, DatasetNotes, DatasetVersion, Refused
from preceptor.datasets.verify_version import verify_version

NOTHING = CheckContext(eval_texts={})


@pytest.fixture
def draft(records) -> DatasetDraft:
    return DatasetDraft(name="support", records=records)


def tree(folder: Path) -> dict[str, str]:
    """Every visible file with the hash of its content."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_a_version_lies_in_its_folder_and_is_untouched(draft, tmp_path, clock):
    version = commit(draft, tmp_path, clock)
    assert isinstance(version, DatasetVersion)
    assert Path(version.folder) == tmp_path / "support" / version.id
    assert sorted(tree(Path(version.folder))) == [
        "README.md",
        "croissant.json",
        "data/preference/train-00000-of-00001.parquet",
        "data/preference/validation-00000-of-00001.parquet",
        "data/sft/test-00000-of-00001.parquet",
        "data/sft/train-00000-of-00001.parquet",
        "manifest.json",
    ]
    assert verify_version(Path(version.folder)) == ()
    assert version.created_at == clock()


def test_the_manifest_counts_and_hashes(draft, tmp_path, clock):
    version = commit(draft, tmp_path, clock)
    manifest = read_manifest(Path(version.folder))
    assert manifest == version.manifest
    assert (manifest.num_records, manifest.kinds) == (6, {"preference": 2, "sft": 4})
    assert manifest.splits == {"test": 1, "train": 4, "validation": 1}
    assert manifest.files == {
        name: digest for name, digest in tree(Path(version.folder)).items() if name != "manifest.json"
    }


def test_records_come_back_as_they_were(draft, tmp_path, clock):
    version = commit(draft, tmp_path, clock)
    read = list(read_version_records(Path(version.folder)))
    assert sorted(read, key=lambda record: record.id) == sorted(draft.records, key=lambda record: record.id)
    assert [record.kind for record in read] == ["sft"] * 4 + ["preference"] * 2


def test_records_without_a_split_go_to_train(sft, tmp_path, clock):
    version = commit(DatasetDraft(name="d", records=(sft("a", "b"),)), tmp_path, clock)
    assert [record.split for record in read_version_records(Path(version.folder))] == ["train"]


def test_the_same_records_in_another_order_give_the_same_bytes(draft, tmp_path, clock):
    one = commit(draft, tmp_path / "one", clock)
    other = commit(replace(draft, records=draft.records[::-1]), tmp_path / "other", clock)
    assert one.id == other.id
    assert tree(Path(one.folder)) == tree(Path(other.folder))


def test_committing_again_gives_what_is_there(draft, tmp_path, clock):
    first = commit(draft, tmp_path, clock)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    assert commit(draft, tmp_path, clock) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"settings": {"seed": 1}},
        {"parents": ("dataset_1",)},
        {"notes": DatasetNotes(description="new")},
    ],
)
def test_each_part_of_the_content_changes_the_id(draft, tmp_path, clock, change):
    assert commit(draft, tmp_path, clock).id != commit(replace(draft, **change), tmp_path, clock).id


def test_other_provenance_is_another_version_of_the_same_records(draft, tmp_path, clock):
    other = (replace(draft.records[0], licence="MIT"), *draft.records[1:])
    assert commit(draft, tmp_path, clock).id != commit(replace(draft, records=other), tmp_path, clock).id


def test_a_blocking_objection_refuses_and_writes_nothing(sft, tmp_path, clock):
    records = (sft("a", "b"), sft("A", "b"))
    results = run_checks(records, [CheckEntry(kind="exact_duplicate"), CheckEntry(kind="schema")], NOTHING)
    refused = commit(DatasetDraft(name="d", records=records, checks=results), tmp_path, clock)
    assert isinstance(refused, Refused)
    assert [result.check for result in refused.failing] == ["exact_duplicate"]
    assert "exact_duplicate to 1" in refused.reason
    assert list(tmp_path.iterdir()) == []


def test_an_objection_that_does_not_block_is_kept_in_the_manifest(sft, tmp_path, clock):
    records = (sft("a", "b"), sft("A", "b"))
    results = run_checks(records, [CheckEntry(kind="exact_duplicate", blocks=False)], NOTHING)
    version = commit(DatasetDraft(name="d", records=records, checks=results), tmp_path, clock)
    (finding,) = version.manifest.checks[0].findings
    assert (finding.record_id, finding.index) == (records[1].id, None)


def test_every_finding_lies_in_a_file_beside_the_version(sft, tmp_path, clock):
    """The manifest lists the first 100 of 149 copies, the file has a line for each."""
    records = tuple(sft("same" + " " * place, "b") for place in range(150))
    results = run_checks(records, [CheckEntry(kind="exact_duplicate", blocks=False)], NOTHING)
    version = commit(DatasetDraft(name="d", records=records, checks=results), tmp_path, clock)
    (result,) = version.manifest.checks
    assert (len(result.findings), result.num_findings) == (100, 149)
    lines = (Path(version.folder) / "checks" / "00_exact_duplicate.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["record_id"] for line in lines[:100]] == [found.record_id for found in result.findings]
    assert len(lines) == 149


def test_a_large_split_stands_in_several_files(sft, tmp_path, clock, monkeypatch):
    monkeypatch.setattr(version_files, "RECORDS_A_FILE", 3)
    records = tuple(sft(f"question {place}", "b") for place in range(7))
    version = commit(DatasetDraft(name="d", records=records), tmp_path, clock)
    names = [f"data/sft/train-0000{part}-of-00003.parquet" for part in range(3)]
    assert [name for name in version.manifest.files if name.startswith("data/")] == names
    read = [record.id for record in read_version_records(Path(version.folder))]
    assert read == sorted(record.id for record in records)


def test_checks_of_other_records_are_refused(draft, tmp_path, clock):
    results = run_checks(draft.records[:3], [CheckEntry(kind="schema")], NOTHING)
    with pytest.raises(ConflictError, match="ran on 3 records, 6 are to be committed"):
        commit(replace(draft, checks=results), tmp_path, clock)


def test_an_empty_dataset_is_refused(tmp_path, clock):
    with pytest.raises(InputError, match="'d' has no records"):
        commit(DatasetDraft(name="d", records=()), tmp_path, clock)


@pytest.mark.parametrize("name", ["", "../up", "Big Name", ".hidden", "a/b", "a" * 101, "a\n"])
def test_a_name_that_is_no_folder_name_is_refused(draft, tmp_path, clock, name):
    with pytest.raises(InputError, match="the dataset name"):
        commit(replace(draft, name=name), tmp_path, clock)


def test_a_record_that_stands_twice_is_refused(draft, tmp_path, clock):
    twice = replace(draft, records=(*draft.records, draft.records[2]))
    with pytest.raises(InputError, match=f"{draft.records[2].id!r} stands 2 times"):
        commit(twice, tmp_path, clock)


def test_a_changed_version_is_not_given_out_as_intact(draft, tmp_path, clock):
    version = commit(draft, tmp_path, clock)
    (Path(version.folder) / "README.md").write_text("other", encoding="utf-8")
    with pytest.raises(ConflictError, match=r"README\.md was changed"):
        commit(draft, tmp_path, clock)


def test_a_full_disk_leaves_what_was_there(draft, tmp_path, clock, monkeypatch):
    """The operating system says so when the second file is flushed."""
    commit(draft, tmp_path, clock)
    before = tree(tmp_path)
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    changed = replace(draft, settings={"seed": 1})
    with pytest.raises(StorageError, match="no space left"):
        commit(changed, tmp_path, clock)
    assert tree(tmp_path) == before
    monkeypatch.undo()
    assert isinstance(commit(changed, tmp_path, clock), DatasetVersion)


# Commits in a process of its own, and kills it at the flush that is asked for. Without pandas:
# Arrow imports it where it is installed, which takes two seconds and changes nothing here.
COMMIT = """
import os, signal, sys
class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoPandas())
from datetime import UTC, datetime
from pathlib import Path
from preceptor.core.ids import content_hash
from preceptor.datasets.commit import commit
from preceptor.datasets.record import make_record
from preceptor.datasets.types import DatasetDraft
from preceptor.models.types import Message

left = [int(sys.argv[2])]
fsync = os.fsync
def fsync_or_die(descriptor):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(descriptor)
os.fsync = fsync_or_die
record = make_record("sft", (Message(role="user", content="a"), Message(role="assistant", content="b")))
draft = DatasetDraft(name="killed", records=(record,))
print(commit(draft, Path(sys.argv[1]), lambda: datetime(2026, 11, 24, tzinfo=UTC)).id)
"""


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_killed_commit_shows_nothing_and_the_next_one_cleans_up(sft, tmp_path, clock, at):
    """Killed at a flush of the first file, of the last file, and of a folder; then run to the end."""
    command = [sys.executable, "-c", COMMIT, str(tmp_path), str(at)]
    killed = subprocess.run(command, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    left = list((tmp_path / "killed").iterdir())
    assert any(path.suffix == ".part" for path in left)
    assert all(path.name.startswith(".") for path in left)
    version = commit(DatasetDraft(name="killed", records=(sft("a", "b"),)), tmp_path, clock)
    assert sorted(path.name for path in (tmp_path / "killed").iterdir()) == [".lock", version.id]
    assert verify_version(Path(version.folder)) == ()


def test_four_commits_of_the_same_content_at_once_make_one_version(tmp_path):
    command = [sys.executable, "-c", COMMIT, str(tmp_path), "0"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate()[0].strip() for process in running}
    assert all(process.returncode == 0 for process in running)
    assert sorted(path.name for path in (tmp_path / "killed").iterdir()) == [".lock", *said]


def test_a_damaged_manifest_is_refused(draft, tmp_path, clock):
    version = commit(draft, tmp_path, clock)
    path = Path(version.folder) / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8")[:100], encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        commit(draft, tmp_path, clock)


def test_the_manifest_is_sorted_json_with_the_id(draft, tmp_path, clock):
    version = commit(draft, tmp_path, clock)
    written = json.loads((Path(version.folder) / "manifest.json").read_text(encoding="utf-8"))
    assert written["id"] == version.id
    assert list(written) == sorted(written)
