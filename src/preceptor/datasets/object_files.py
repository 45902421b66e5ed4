"""Files in object stores, brought here to be read (the extra `objects`)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from preceptor.core.errors import InputError, NotFoundError, StorageError
from preceptor.core.files import whole_file
from preceptor.core.json_values import JsonObject

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

CHUNK_BYTES = 1 << 20


def is_url(path: str) -> bool:
    """True for `s3://bucket/key` and its like.

    >>> is_url("s3://bucket/rows.jsonl"), is_url("data/rows.jsonl")
    (True, False)
    """
    return "://" in path


def find_objects(url: str, options: JsonObject) -> list[str]:
    """The URLs that a pattern names, sorted; NotFoundError for none.

    Raises InputError without the extra, StorageError when the store does not answer.
    """
    try:
        store, path = _store(url, options)
        found = sorted(store.glob(path)) if "*" in path else [path] if store.exists(path) else []
    except _refusals() as error:
        raise _unreachable(url, error) from error
    if not found:
        raise NotFoundError(f"nothing lies at {url!r}; check the bucket and the path")
    return [str(store.unstrip_protocol(one)) for one in found]


def fetch_object(url: str, folder: Path, options: JsonObject) -> Path:
    """The file, copied into `folder`, whole or not at all. Raises StorageError when the store does not answer."""
    ending = "".join(Path(url).suffixes[-2:])
    target = folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}{ending}"
    try:
        store, path = _store(url, options)
        with store.open(path, "rb") as source, whole_file(target) as copy:
            while chunk := source.read(CHUNK_BYTES):
                copy.write(chunk)
    except _refusals() as error:
        raise _unreachable(url, error) from error
    return target


def _store(url: str, options: JsonObject) -> tuple[AbstractFileSystem, str]:
    try:
        import fsspec  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(f"{url!r} needs the extra: pip install 'preceptor[objects]'") from error
    try:
        store, path = fsspec.url_to_fs(url, use_listings_cache=False, **options)
    except (ImportError, ValueError) as error:
        raise InputError(f"{url!r} names no kind of store that is installed: {error}") from error
    return store, str(path)


def _refusals() -> tuple[type[BaseException], ...]:
    try:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra
    except ImportError:
        return (OSError,)
    return (OSError, BotoCoreError, ClientError)


def _unreachable(url: str, error: BaseException) -> StorageError:
    return StorageError(f"cannot read {url!r}: {error}; nothing was committed, run the same command again")
