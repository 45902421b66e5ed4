"""The real `datasets` library reads a version and the exports as they lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from preceptor.datasets.commit import commit
from preceptor.datasets.export import export
from preceptor.datasets.exporter import exporters
from preceptor.datasets.types import DatasetDraft

# In a process of its own: the library reads its settings when imported, and starts threads.
LOAD = """
import json, sys
import datasets
datasets.disable_progress_bars()
loaded = [datasets.load_dataset(*arguments, **options) for arguments, options in json.loads(sys.argv[1])]
print(json.dumps([{split: [dict(row) for row in rows] for split, rows in one.items()} for one in loaded]))
"""


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    """What `datasets.load_dataset` gives for each call, offline."""
    home = tmp_path_factory.mktemp("hf")
    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(home)}

    def run(*calls):
        command = [sys.executable, "-c", LOAD, json.dumps([[list(map(str, a)), o] for a, o in calls])]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_version_and_its_exports_load_as_they_lie(records, tmp_path, clock, load):
    version = commit(DatasetDraft(name="support", records=records), tmp_path / ".hidden" / "datasets", clock)
    for name in ("trl-sft", "trl-preference"):
        export(records, exporters.create(name), tmp_path / f"{name}.jsonl")
    sft, preference, trl_sft, trl_preference = load(
        ((version.folder, "sft"), {}),
        ((version.folder, "preference"), {}),
        (("json",), {"data_files": str(tmp_path / "trl-sft.jsonl")}),
        (("json",), {"data_files": str(tmp_path / "trl-preference.jsonl")}),
    )
    assert {split: len(rows) for split, rows in sft.items()} == {"train": 3, "test": 1}
    assert {split: len(rows) for split, rows in preference.items()} == {"train": 1, "validation": 1}
    (pair,) = preference["train"]
    assert pair["prompt"] == [{"role": "user", "content": "Why was I charged twice?"}]
    assert pair["chosen"] == [{"role": "assistant", "content": "Let me look."}]
    assert pair["annotators"] == ["ada"]
    by_id = {row["id"]: row for row in sft["train"]}
    assert by_id[records[1].id]["messages"][0]["content"] == records[1].messages[0].content
    assert json.loads(by_id[records[1].id]["metadata"]) == records[1].metadata
    assert len(trl_sft["train"]) == 4
    assert [row["rejected"] for row in trl_preference["train"]] == [
        [{"role": "assistant", "content": "No idea."}],
        [{"role": "assistant", "content": "I cannot help."}],
    ]
