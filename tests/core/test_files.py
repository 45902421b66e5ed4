"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os

import pytest

from preceptor.core.errors import NotAllowedError, StorageError
from preceptor.core.files import explain, whole_file, write_text


def test_an_error_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), whole_file(path) as stream:
        stream.write(b"new")
        raise RuntimeError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_leaves_the_old_file_and_says_what_to_do(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="no space left .* free some"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_folders_are_made(tmp_path):
    write_text(tmp_path / "deep" / "er" / "a.txt", "x")
    assert (tmp_path / "deep" / "er" / "a.txt").read_text() == "x"


def test_what_the_system_says_becomes_our_error(tmp_path):
    assert isinstance(explain(OSError(errno.EACCES, "denied"), tmp_path), NotAllowedError)
    assert isinstance(explain(OSError(errno.EIO, "broken"), tmp_path), StorageError)


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path):
    (tmp_path / "a").write_text("x")
    with pytest.raises(StorageError, match="cannot write"):
        write_text(tmp_path / "a" / "b", "x")
