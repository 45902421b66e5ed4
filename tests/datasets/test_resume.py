"""A build that is killed at any moment goes on where it was, and gives the same version."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import StorageError
from preceptor.datasets import shards
from preceptor.datasets.build import BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.executor import make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.progress import StageProgress
from preceptor.datasets.recipe import load_recipe
from preceptor.datasets.source import SourceContext
from preceptor.datasets.types import DatasetVersion

# `PRECEPTOR_TEST_KILLS=20 pytest tests/datasets/test_resume.py` is the whole claim; a few are enough every day.
NUM_KILLS = int(os.environ.get("PRECEPTOR_TEST_KILLS", "3"))

# One process that has everything imported forks a child for each build, and kills it after a part of
# the time that a whole build takes. It prints the id of the whole build, then that of each resumed one.
KILL = """
import json, os, random, shutil, signal, sys, time
class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoPandas())
from datetime import UTC, datetime
from pathlib import Path
from preceptor.core.documents import parse_document
from preceptor.datasets import build_read
from preceptor.datasets.build import BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.executor import make_executor
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.recipe import load_recipe
from preceptor.datasets.source import SourceContext

home, kills = Path(sys.argv[1]), int(sys.argv[2])
build_read.SHARD_RECORDS = 500
with (home / "a.jsonl").open("w") as stream:
    for n in range(2000):
        words = " ".join(f"w{n % 1900}x{m}" for m in range(10))
        stream.write(json.dumps({"prompt": words + " ", "completion": f"answer {n % 1900}"}) + "\\n")
recipe = load_recipe(parse_document('''
name: killed
sources: [{kind: files, paths: [a.jsonl]}]
steps: [{kind: normalise}, {kind: schema}, {kind: exact_duplicate, fix: true}, {kind: split_leakage}]
''', "recipe.yaml"))

def whole_build(folder):
    inputs = BuildInputs(sources=find_sources(recipe, SourceContext(folder=home), folder))
    clock = lambda: datetime(2026, 11, 24, tzinfo=UTC)
    return build(recipe, inputs, BuildPlace(folder=folder, tools=BuildTools(executor=make_executor()), clock=clock))

whole_build(home / "warm")
start = time.monotonic()
expected = whole_build(home / "whole").outcome.id
seconds = time.monotonic() - start
print(expected)
rng = random.Random(7)
for number in range(kills):
    folder = home / f"killed{number}"
    child = os.fork()
    if child == 0:
        whole_build(folder)
        os._exit(0)
    time.sleep(seconds * rng.random())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    shown = sorted(path.name for path in folder.glob("killed/[!.]*"))
    assert shown in ([], [expected]), shown
    print(whole_build(folder).outcome.id)
    assert sorted(path.name for path in folder.glob("killed/*")) == [".lock", expected]
    assert not list(folder.glob(".builds/*"))
"""


def test_a_build_killed_at_random_moments_gives_the_same_version(tmp_path):
    command = [sys.executable, "-c", KILL, str(tmp_path), str(NUM_KILLS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    expected, *resumed = done.stdout.split()
    assert resumed == [expected] * NUM_KILLS


RECIPE = """
name: d
sources: [{kind: files, paths: [a.jsonl]}]
steps: [{kind: exact_duplicate, fix: true}, {kind: schema}]
"""


@pytest.fixture
def run(tmp_path, clock):
    (tmp_path / "a.jsonl").write_text('{"prompt": "q", "completion": "a"}\n' * 50, encoding="utf-8")
    recipe = load_recipe(parse_document(RECIPE, "recipe.yaml"))
    folder = tmp_path / "datasets"

    def run(progress=lambda _: None):
        inputs = BuildInputs(sources=find_sources(recipe, SourceContext(folder=tmp_path), folder))
        tools = BuildTools(executor=make_executor(), progress=progress)
        return build(recipe, inputs, BuildPlace(folder=folder, tools=tools, clock=clock))

    return run


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_finished_stages_are_not_done_again(run, tmp_path, monkeypatch):
    """The second pass fails once; the next run begins with it."""
    real = shards.ShardWriter.finish

    def refuse(self):
        if "found_00" in str(self.path):
            raise StorageError("no space left")
        return real(self)

    monkeypatch.setattr(shards.ShardWriter, "finish", refuse)
    with pytest.raises(StorageError):
        run()
    monkeypatch.setattr(shards.ShardWriter, "finish", real)
    told: list[StageProgress] = []
    assert isinstance(run(told.append).outcome, DatasetVersion)
    assert [one.stage for one in told if one.is_finished and one.is_kept] == ["read"]


@pytest.mark.parametrize("at", range(1, 20, 3))
def test_a_full_disk_says_so_and_shows_no_version(run, tmp_path, monkeypatch, at):
    """Every third of the flushes in turn meets a full disk; then there is room, and the build goes on."""
    real, calls = os.fsync, []

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == at:
            raise full()
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StorageError, match="no space left"):
        run()
    assert not list((tmp_path / "datasets").glob("d/[!.]*"))
    assert isinstance(run().outcome, DatasetVersion)


def test_a_really_full_disk_says_so(run, tmp_path, clock):
    """A file system of 1 MB, where this machine lets one be mounted."""
    small = tmp_path / "datasets"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        (tmp_path / "a.jsonl").write_text(
            "".join(f'{{"prompt": "{os.urandom(400).hex()}", "completion": "a"}}\n' for _ in range(500)),
            encoding="utf-8",
        )
        with pytest.raises(StorageError, match="no space left"):
            run()
        assert not list(small.glob("d/[!.]*"))
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_an_object_store_that_is_gone_says_so(tmp_path, clock):
    """Nothing listens at the address."""
    pytest.importorskip("s3fs")
    text = RECIPE.replace("a.jsonl", "'s3://bucket/a.jsonl'")
    recipe = load_recipe(parse_document(text, "recipe.yaml"))
    options = {
        "key": "k",
        "secret": "s",
        "endpoint_url": "http://127.0.0.1:9",
        "config_kwargs": {"retries": {"max_attempts": 0}, "connect_timeout": 1},
    }
    with pytest.raises(StorageError, match=r"cannot read 's3://bucket/a\.jsonl'.*nothing was committed"):
        find_sources(recipe, SourceContext(folder=tmp_path, storage_options=options), tmp_path / "datasets")
    assert not list(tmp_path.glob("datasets/d/*"))


def test_an_unknown_store_is_refused(tmp_path):
    recipe = load_recipe(parse_document(RECIPE.replace("a.jsonl", "'nosuch://bucket/a.jsonl'"), "recipe.yaml"))
    from preceptor.core.errors import InputError

    with pytest.raises(InputError, match="names no kind of store"):
        find_sources(recipe, SourceContext(folder=tmp_path), Path(tmp_path) / "datasets")
