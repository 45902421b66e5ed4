"""Files of an object store are found by pattern, copied here whole, and read like any other."""

from __future__ import annotations

import pytest

from preceptor.core.errors import NotFoundError, StorageError
from preceptor.datasets.find_sources import find_sources
from preceptor.datasets.object_files import fetch_object, find_objects
from preceptor.datasets.recipe import Recipe
from preceptor.datasets.source import SourceContext

ROWS = b'{"prompt": "q", "completion": "a"}\n'


@pytest.fixture
def store(monkeypatch):
    """An S3 of moto on this machine with two objects; what fsspec needs to reach it."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    boto3 = pytest.importorskip("boto3")
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=endpoint, **keys)
    client.create_bucket(Bucket="bucket")
    for name in ("rows-1.jsonl", "rows-2.jsonl"):
        client.put_object(Bucket="bucket", Key=f"data/{name}", Body=ROWS)
    yield (
        server,
        {"key": "k", "secret": "s", "endpoint_url": endpoint, "config_kwargs": {"retries": {"max_attempts": 0}}},
    )
    server.stop()


def test_a_pattern_names_objects_in_order_and_they_are_sources(store, tmp_path):
    _, options = store
    recipe = Recipe(name="d", sources=({"kind": "files", "paths": ["s3://bucket/data/*.jsonl"]},))
    given = find_sources(recipe, SourceContext(folder=tmp_path, storage_options=options), tmp_path / "datasets")
    said = [one.said.name for one in given.sources[0].inputs]
    assert said == ["s3://bucket/data/rows-1.jsonl", "s3://bucket/data/rows-2.jsonl"]
    with open(given.sources[0].inputs[0].path, "rb") as copy:  # noqa: PTH123 - the path is a text here
        assert copy.read() == ROWS


def test_an_object_that_is_not_there_is_named(store, tmp_path):
    _, options = store
    with pytest.raises(NotFoundError, match="nothing lies at 's3://bucket/none.jsonl'"):
        find_objects("s3://bucket/none.jsonl", options)


def test_a_store_that_vanishes_leaves_nothing(store, tmp_path):
    server, options = store
    (first, _) = find_objects("s3://bucket/data/*.jsonl", options)
    server.stop()
    with pytest.raises(StorageError, match="nothing was committed"):
        fetch_object(first, tmp_path / "objects", options)
    assert list((tmp_path / "objects").glob("*")) == []
