"""Whatever runs the work, the outcome is the same, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from preceptor.core.errors import InputError, ProviderError, StorageError
from preceptor.datasets import build_read, gathered, sorted_shards
from preceptor.datasets.build import BuildInputs, BuildPlace, build
from preceptor.datasets.build_job import BuildTools
from preceptor.datasets.check import CheckContext, checks
from preceptor.datasets.executor import Executor, Output, make_executor, outputs_by_name
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.recipe import Recipe
from preceptor.datasets.shards import Shard, ShardWriter, iter_rows, rows_between
from preceptor.datasets.source import SourceContext


def write_shards(folder: Path, num_shards: int = 3, num_batches: int = 2, num_rows: int = 1_200) -> list[Shard]:
    """Rows with ordinals from 0 on, and a key that falls into every part."""
    shards, first = [], 0
    for number in range(num_shards):
        with ShardWriter(folder / f"{number}.arrow") as writer:
            for _ in range(num_batches):
                ordinals = range(first, first + num_rows)
                keys = [ordinal * 2_654_435_761 % 2**32 for ordinal in ordinals]
                columns = {"ordinal": pa.array(ordinals, pa.int64()), "key": pa.array(keys, pa.uint64())}
                writer.write(pa.record_batch(columns))
                first += num_rows
        shards.append(writer.shard())
    return shards


@dataclass(frozen=True, kw_only=True)
class Doubled:
    """Every ordinal twice under one name, the even ones under another."""

    fails_at: int | None = None

    def __call__(self, rows: pa.RecordBatch) -> Iterator[Output]:
        if self.fails_at in rows.column("ordinal").to_pylist():
            raise StorageError("no space left on the worker")
        ordinals = rows.column("ordinal").to_pylist()
        yield Output(
            "twice", pa.record_batch({"ordinal": pa.array([one for one in ordinals for _ in "ab"], pa.int64())})
        )
        yield Output(
            "even", pa.record_batch({"ordinal": pa.array([one for one in ordinals if one % 2 == 0], pa.int64())})
        )


def ordinals_of(shards) -> list[int]:
    return [one for shard in shards for rows in iter_rows(shard) for one in rows.column("ordinal").to_pylist()]


@pytest.fixture(params=[1, 2])
def local(request) -> Executor:
    return make_executor(threads=request.param)


def test_map_keeps_the_order_and_parts_the_outputs(local, tmp_path):
    shards = write_shards(tmp_path / "in")
    found = outputs_by_name(local.map(shards, Doubled(), tmp_path / "out"))
    assert ordinals_of(found["twice"]) == [one for one in range(7_200) for _ in "ab"]
    assert ordinals_of(found["even"]) == list(range(0, 7_200, 2))


def test_partition_brings_equal_remainders_together_in_order(local, tmp_path):
    parts = local.partition(write_shards(tmp_path / "in"), "key", 7, tmp_path / "out")
    assert sorted(ordinals_of(parts)) == list(range(7_200))
    for part in parts:
        keys = [key for rows in iter_rows(part) for key in rows.column("key").to_pylist()]
        assert len({key % 7 for key in keys}) == 1
        assert ordinals_of([part]) == sorted(ordinals_of([part]))


def test_an_output_that_fails_leaves_no_file(local, tmp_path):
    with pytest.raises(StorageError, match="no space left on the worker"):
        list(local.map(write_shards(tmp_path / "in", num_shards=1), Doubled(fails_at=2_000), tmp_path / "out"))
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_no_shards_give_nothing(local, tmp_path):
    assert list(local.map([], Doubled(), tmp_path)) == []
    assert local.partition([], "key", 3, tmp_path) == ()


def test_rows_are_found_by_their_ordinals(tmp_path):
    shards = write_shards(tmp_path)
    found = [one for rows in rows_between(shards, 1_195, 1_204) for one in rows.column("ordinal").to_pylist()]
    assert found == list(range(1_195, 1_205))


def test_a_shard_that_is_gone_says_so(tmp_path):
    (shard,) = write_shards(tmp_path, num_shards=1)
    Path(shard.path).unlink()
    with pytest.raises(StorageError, match="cannot read"):
        list(iter_rows(shard))


def test_an_unknown_executor_is_refused():
    with pytest.raises(InputError, match="choose one of local, daft"):
        make_executor("spark")
    with pytest.raises(InputError, match="uses no cluster"):
        make_executor("local", cluster="ray://head:10001")


# Two nodes of one core each, on this machine; it ends when its standard input does.
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
node = {"num_cpus": 1, "object_store_memory": 100_000_000}
cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
cluster.add_node(**node)
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


@pytest.fixture
def cluster() -> Iterator[subprocess.Popen]:
    environment = {**os.environ, "RAY_raylet_start_wait_time_s": "120", "RAY_USAGE_STATS_ENABLED": "0"}
    command = [sys.executable, "-c", CLUSTER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        yield process
        process.stdin.close()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def write_records(path: Path) -> None:
    """240 records, some of them copies, near copies, without an answer, with an address or of an eval case."""
    rows = []
    for place in range(240):
        words = " ".join(f"w{(place * 7 + word) % 997}" for word in range(30))
        row = {"prompt": f"{words} ", "completion": f"answer {place}", "group": f"user {place % 40}", "source": "desk"}
        if place % 10 == 1:
            row = rows[-1]
        if place % 10 == 2:
            row = {**rows[-1], "completion": "answer", "prompt": rows[-1]["prompt"] + "more"}
        if place % 10 == 3:
            row["completion"] = f"Write to ada{place}@example.org"
        if place % 10 == 4:
            row = {"prompt": "Why?", "chosen": f"because {place}", "rejected": f"no {place}", "group": "other"}
        rows.append(row)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def whole_suite() -> Recipe:
    """Every check that there is, fixing what it can, on shards so small that each has work to do."""
    steps = [{"kind": "normalise"}]
    for kind in sorted(checks.names(), key=lambda name: (name.endswith("split_leakage"), name)):
        fix = checks.get(kind).fix != "none"
        steps.append({"kind": kind, "fix": fix, "blocks": False})
    steps += [{"kind": "sample", "count": 150}]
    sources = ({"kind": "files", "paths": ["a.jsonl"], "licence": "MIT", "language": "en"},)
    return Recipe(name="d", sources=sources, steps=tuple(steps))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.cluster
def test_local_daft_and_a_ray_cluster_of_two_give_the_same_bytes(tmp_path, clock, monkeypatch, cluster):
    pytest.importorskip("daft")
    monkeypatch.setattr(build_read, "SHARD_RECORDS", 60)
    monkeypatch.setattr(build_read, "BATCH_RECORDS", 30)
    monkeypatch.setattr(sorted_shards, "ROWS_A_PART", 70)
    monkeypatch.setattr(gathered, "ROWS_A_PART", 100)
    write_records(tmp_path / "a.jsonl")
    recipe = whole_suite()
    context = CheckContext(eval_texts={"case": " ".join(f"w{word}" for word in range(12))})

    def files(executor: Executor, name: str) -> dict[str, bytes]:
        place = BuildPlace(folder=tmp_path / name, tools=BuildTools(executor=executor), clock=clock)
        sources = find_sources(recipe, SourceContext(folder=tmp_path), place.folder)
        return files_of(Path(build(recipe, BuildInputs(sources=sources, context=context), place).outcome.folder))

    on_this_machine = files(make_executor(), "local")
    assert files(make_executor("daft"), "daft") == on_this_machine
    address = cluster.stdout.readline().strip()
    assert files(make_executor("daft", cluster=address), "ray") == on_this_machine
    manifest = json.loads(on_this_machine["manifest.json"])
    assert manifest["num_records"] <= 150
    assert {one["check"] for one in manifest["checks"]} == set(checks.names())


@pytest.mark.cluster
def test_daft_hands_on_the_error_of_a_worker_and_says_when_it_died(tmp_path):
    pytest.importorskip("daft")
    executor = make_executor("daft")
    shards = write_shards(tmp_path / "in", num_shards=1)
    with pytest.raises(StorageError, match="no space left on the worker"):
        list(executor.map(shards, Doubled(fails_at=5), tmp_path / "out"))
    executor.process._process.kill()
    with pytest.raises(ProviderError, match="Daft ended without a result"):
        list(executor.map(shards, Doubled(), tmp_path / "out"))
