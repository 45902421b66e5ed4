"""A version on a lakeFS branch is whole or not to be seen; against moto's real S3 server."""

from __future__ import annotations

import logging
import urllib.request
from dataclasses import replace

import pytest

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, StorageError
from preceptor.datasets.manifest import MANIFEST_FILE
from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import StoreAccess, publishers
from preceptor.datasets.publishers.lakefs import Lakefs

TARGET = "lakefs://support-data/main/datasets/support"
SECRET = "hush-hush-hush"


@pytest.fixture
def server():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    # Buckets of another test live on in the process.
    host, port = server.get_host_and_port()
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()
    yield server
    server.stop()


@pytest.fixture
def access(server):
    host, port = server.get_host_and_port()
    return StoreAccess(endpoint=f"http://{host}:{port}", key="AKIAEXAMPLE", secret=SECRET)


@pytest.fixture
def store(access):
    """The gateway as a reader sees it: the repository is a bucket."""
    store = Lakefs()._store(access)
    store.call_s3("create_bucket", Bucket="support-data")
    return store


def listed(store):
    return {name.removeprefix("support-data/main/datasets/support/") for name in store.find("support-data")}


def test_every_file_of_the_version_is_there(version, access, store, tmp_path):
    done = publish(version, publishers.create("lakefs"), TARGET, access)
    folder = tmp_path / "datasets" / "support" / version.id
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert listed(store) == names
    assert (done.target, done.num_files) == (TARGET, len(names))
    for name in names:
        assert store.cat_file(f"support-data/main/datasets/support/{name}") == (folder / name).read_bytes()


def test_publishing_again_changes_nothing_and_repairs_what_is_missing(version, access, store):
    publish(version, publishers.create("lakefs"), TARGET, access)
    before = listed(store)
    store.rm_file("support-data/main/datasets/support/README.md")
    publish(version, publishers.create("lakefs"), TARGET, access)
    assert listed(store) == before


def test_another_version_at_the_place_is_left_alone(version, next_version, access, store):
    publish(version, publishers.create("lakefs"), TARGET, access)
    with pytest.raises(ConflictError, match=f"holds the version '{version.id}'"):
        publish(next_version, publishers.create("lakefs"), TARGET, access)


def test_a_missing_repository_is_named(version, access, server):
    with pytest.raises(StorageError, match="knows no repository or branch"):
        publish(version, publishers.create("lakefs"), TARGET, access)


@pytest.fixture
def before_each_file(monkeypatch):
    """Have something happen before the n-th file is sent; the names sent so far."""
    opened, sent = Lakefs._store, []

    def install(happens):
        def store(self, access):
            found = opened(self, access)
            put = found.put_file

            def put_file(source, place):
                sent.append(place)
                happens(len(sent))
                put(source, place)

            found.put_file = put_file
            return found

        monkeypatch.setattr(Lakefs, "_store", store)
        return sent

    return install


def test_a_store_that_fails_half_way_shows_no_version(version, access, store, before_each_file):
    """The third file fails: what was uploaded is taken back, and there is no manifest."""

    def fail(number):
        if number == 3:
            raise OSError(5, "Input/output error")

    sent = before_each_file(fail)
    with pytest.raises(StorageError, match="nothing is published, run again"):
        publish(version, publishers.create("lakefs"), TARGET, access)
    assert not any(place.endswith(MANIFEST_FILE) for place in sent)
    assert listed(store) == set()


def test_a_store_that_vanishes_half_way_leaves_no_manifest(version, access, store, server, before_each_file):
    """Nothing can be taken back from a store that is gone; what is left there has no manifest, so it is no version."""
    sent = before_each_file(lambda number: server.stop() if number == 3 else None)
    publisher = publishers.create("lakefs", {"timeout_seconds": 2, "max_attempts": 1})
    with pytest.raises(StorageError, match="lakeFS did not take"):
        publish(version, publisher, TARGET, access)
    assert len(sent) == 3
    assert not any(place.endswith(MANIFEST_FILE) for place in sent)


def test_a_store_that_is_away_is_named_without_the_secret(version, caplog):
    gone = StoreAccess(endpoint="http://127.0.0.1:9", key="AKIAEXAMPLE", secret=SECRET)
    publisher = publishers.create("lakefs", {"timeout_seconds": 1, "max_attempts": 1})
    with caplog.at_level(logging.DEBUG), pytest.raises(StorageError) as raised:
        publish(version, publisher, TARGET, gone)
    assert "127.0.0.1:9" in str(raised.value)
    assert SECRET not in str(raised.value)
    assert SECRET not in caplog.text


@pytest.mark.parametrize("missing", ["endpoint", "key", "secret"])
def test_without_the_whole_access_nothing_is_tried(version, missing):
    access = StoreAccess(endpoint="http://127.0.0.1:9", key="k", secret="s")
    with pytest.raises(NotAllowedError, match="an endpoint, a key and a secret"):
        publish(version, publishers.create("lakefs"), TARGET, replace(access, **{missing: ""}))


@pytest.mark.parametrize(
    "target",
    [
        "s3://bucket/a",
        "lakefs://support-data/main",
        "lakefs://support-data/main/../other",
        "lakefs://support-data/main/a//b",
        "lakefs://Support/main/a",
        "lakefs://support-data/ma in/a",
        "lakefs://support-data/main/a\x00",
        "lakefs://support-data/main/*",
    ],
)
def test_a_target_that_is_no_place_on_a_branch_is_refused(version, target):
    with pytest.raises(InputError, match=r"is no lakefs://repository/branch/path"):
        publish(version, publishers.create("lakefs"), target, StoreAccess(endpoint="e", key="k", secret="s"))
