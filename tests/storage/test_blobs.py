"""The same bytes are kept once, and changed bytes are noticed."""

from __future__ import annotations

import hashlib

import pytest

from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.storage.blobs import BlobStore


def test_bytes_come_back_under_their_hash(tmp_path):
    store = BlobStore(folder=tmp_path)
    digest = store.add(b"hello")
    assert digest == hashlib.sha256(b"hello").hexdigest()
    assert store.add(b"hello") == digest
    assert store.get(digest) == b"hello"


def test_a_changed_file_is_noticed(tmp_path):
    store = BlobStore(folder=tmp_path)
    digest = store.add(b"hello")
    (tmp_path / digest[:2] / digest).write_bytes(b"other")
    with pytest.raises(ConflictError, match="was changed after it was written"):
        store.get(digest)


def test_an_unknown_hash_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match="no stored file"):
        BlobStore(folder=tmp_path).get("0" * 64)
