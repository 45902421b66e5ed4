"""Shards are read by the real `webdataset` and `datasets`, and have the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace

import pytest

from preceptor.core.errors import ConflictError, InputError
from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import publishers
from preceptor.datasets.record import make_record, with_own_id
from preceptor.datasets.types import Media, Record
from preceptor.datasets.web_shards import ShardSize, write_shards
from preceptor.models.types import Message

# A PNG of one red point (RFC 2083), and the start of a PDF.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n%%EOF\n"
BLOBS = {hashlib.sha256(content).hexdigest(): content for content in (PNG, PDF)}
BIG = ShardSize(max_samples=100, max_bytes=1_000_000)


def seen(number):
    png, pdf = BLOBS
    media = (
        Media(message=0, at=0, kind="image", sha256=png, media_type="image/png"),
        Media(message=0, at=0, kind="document", sha256=pdf, media_type="application/pdf"),
    )
    turns = (
        Message(role="user", content=f"What is in picture {number}?"),
        Message(role="assistant", content="A point."),
    )
    record = replace(make_record("sft", turns), media=media, split="train", generator="m", licence="MIT")
    return with_own_id(record)


@pytest.fixture
def shards(tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    write_shards([seen(number) for number in range(5)], folder, replace(BIG, max_samples=2), BLOBS.__getitem__)
    return folder


def in_a_process(code, tmp_path, *arguments):
    """What the code prints; the library starts threads and warns, so it gets a process of its own."""
    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_webdataset_reads_each_record_with_its_media(shards, tmp_path):
    code = """
import glob, json, sys, hashlib
import webdataset
found = []
for sample in webdataset.WebDataset(sorted(glob.glob(sys.argv[1] + "/*.tar")), shardshuffle=False):
    record = json.loads(sample["json"])
    found.append([sample["__key__"], record["id"], record["generator"], record["media"][0]["file"],
        hashlib.sha256(sample["0.png"]).hexdigest(), sample["1.pdf"].decode()])
print(json.dumps(found))
"""
    found = in_a_process(code, tmp_path, shards)
    records = [seen(number) for number in range(5)]
    assert found == [
        [record.id, record.id, "m", f"{record.id}.0.png", record.media[0].sha256, PDF.decode()] for record in records
    ]


def test_datasets_reads_the_shards_as_they_lie(tmp_path):
    """With text documents: for images the library wants another package."""
    page = b"page one"
    media = Media(message=0, at=0, kind="document", sha256=hashlib.sha256(page).hexdigest(), media_type="text/plain")
    write_shards([replace(seen(1), media=(media,))], tmp_path, BIG, lambda _: page)
    code = """
import json, sys, datasets
datasets.disable_progress_bars()
rows = datasets.load_dataset("webdataset", data_files=sys.argv[1] + "/train-*.tar", split="train", streaming=True)
row = next(iter(rows))
print(json.dumps([row["json"]["licence"], row["json"]["messages"][1]["content"], row["0.txt"]]))
"""
    assert in_a_process(code, tmp_path, tmp_path) == ["MIT", "A point.", "page one"]


def test_shards_are_cut_and_have_the_same_bytes_each_time(shards, tmp_path):
    assert sorted(path.name for path in shards.iterdir()) == [f"train-00000{number}.tar" for number in range(3)]
    again = tmp_path / "again"
    again.mkdir()
    write_shards([seen(number) for number in range(5)], again, replace(BIG, max_samples=2), BLOBS.__getitem__)
    for path in shards.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_a_shard_is_full_by_bytes_too(tmp_path):
    write_shards([seen(number) for number in range(4)], tmp_path, replace(BIG, max_bytes=1_500), BLOBS.__getitem__)
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "a.b", "x" * 200, "a\x00b", ""])
def test_an_id_that_could_be_a_path_becomes_its_hash(tmp_path, name):
    write_shards([Record(id=name, kind="sft", messages=())], tmp_path, BIG, None)
    with tarfile.open(tmp_path / "train-000000.tar") as tar:
        assert tar.getnames() == [f"{hashlib.sha256(name.encode()).hexdigest()}.json"]


def test_media_with_other_bytes_are_refused(tmp_path):
    with pytest.raises(ConflictError, match="has other bytes"):
        write_shards([seen(1)], tmp_path, BIG, lambda _: b"other")


def test_media_that_nobody_gives_are_named(tmp_path):
    with pytest.raises(InputError, match="holds media, and nobody said where they lie"):
        write_shards([seen(1)], tmp_path, BIG, None)


def test_a_committed_version_is_published_by_split(version, tmp_path):
    done = publish(version, publishers.create("webdataset"), str(tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["test-000000.tar", "train-000000.tar"]
    assert done.num_files == 2
    with tarfile.open(tmp_path / "out" / "train-000000.tar") as tar:
        assert len(tar.getnames()) == 5
