"""A published folder is read by the real `datasets` as it lies; see also test_load_dataset.py."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from preceptor.core.errors import ConflictError
from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import publishers
from preceptor.datasets.verify_version import verify_version

LOAD = """
import sys, datasets
datasets.disable_progress_bars()
for config in ("sft", "preference"):
    for split, rows in datasets.load_dataset(sys.argv[1], config).items():
        print(config, split, len(rows))
"""


def test_datasets_reads_the_folder_as_it_lies(version, tmp_path):
    done = publish(version, publishers.create("hugging-face"), str(tmp_path / "out" / "support"))
    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD, done.target], env=environ, capture_output=True, text=True, check=False
    )
    assert loaded.returncode == 0, loaded.stderr[-2000:]
    assert loaded.stdout.split("\n")[:-1] == ["sft train 5", "preference test 1"]
    assert verify_version(tmp_path / "out" / "support") == ()


def test_what_is_there_is_not_written_over(version, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(ConflictError, match="is already there"):
        publish(version, publishers.create("hugging-face"), str(tmp_path / "out"))


def test_a_changed_version_is_not_published(version, tmp_path):
    (tmp_path / "datasets" / "support" / version.id / "README.md").write_text("mine", encoding="utf-8")
    with pytest.raises(ConflictError, match=r"was changed: README.md was changed"):
        publish(version, publishers.create("hugging-face"), str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
