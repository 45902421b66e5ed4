"""A folder on a branch of a lakeFS repository, through its S3 gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, StorageError
from preceptor.core.json_values import as_object, parse_json
from preceptor.datasets.manifest import MANIFEST_FILE
from preceptor.datasets.new_folder import files_of
from preceptor.datasets.publisher import Published, StoreAccess, VersionToPublish

if TYPE_CHECKING:
    from s3fs import S3FileSystem

# lakeFS: repository names as S3 buckets; branch names of letters, digits, dashes and underscores.
_URL = re.compile(
    r"lakefs://(?P<repository>[a-z0-9][a-z0-9-]{2,62})/(?P<branch>[A-Za-z0-9_][A-Za-z0-9_-]*)/(?P<path>.+)"
)
_PART = re.compile(r"[A-Za-z0-9._ -]+")


class _Target(NamedTuple):
    repository: str
    branch: str
    path: str

    @property
    def prefix(self) -> str:
        return f"{self.repository}/{self.branch}/{self.path}"


@dataclass(frozen=True, kw_only=True)
class Lakefs:
    """The version's files under `lakefs://repository/branch/path`, the manifest last.

    A reader that asks for the manifest first sees the whole version or none. The files stand uncommitted on the branch:
    commit them in lakeFS when you like. Needs the extra `objects`, and in the version's `access` an endpoint, a key and
    a secret. Publishing the version again repairs what is missing. Source: lakeFS, "Using Boto3 with lakeFS S3
    Gateway" (the repository is the bucket, the branch the first part of the key; checksums only when required).

    >>> from pathlib import Path
    >>> Lakefs().publish(VersionToPublish(id="v", path=Path()), "lakefs://support/main/../x")
    Traceback (most recent call last):
    preceptor.core.errors.InputError: the target 'lakefs://support/main/../x' is no lakefs://repository/branch/path
    """

    version: ClassVar[int] = 1

    timeout_seconds: int = 20
    max_attempts: int = 3

    def publish(self, version: VersionToPublish, target: str) -> Published:
        """The upload. Raises StorageError, with no manifest at the target, when the store refuses or vanishes."""
        where, access = _parse(target), version.access
        if not (access.endpoint and access.key and access.secret):
            raise NotAllowedError(f"lakeFS wants an endpoint, a key and a secret to write {target!r}; pass all three")
        files = {path.relative_to(version.path).as_posix(): path for path in files_of(version.path)}
        store = self._store(access)
        with _explained(target):
            if not _is_there(store, where, version.id) or _missing(store, where, files):
                _upload(store, where, files)
        return Published(f"lakefs://{where.prefix}", len(files), sum(path.stat().st_size for path in files.values()))

    def _store(self, access: StoreAccess) -> S3FileSystem:
        try:
            from s3fs import S3FileSystem  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise InputError("lakeFS needs s3fs; install preceptor with the extra 'objects'") from error
        return S3FileSystem(
            key=access.key,
            secret=access.secret,
            endpoint_url=access.endpoint,
            client_kwargs={"region_name": "us-east-1"},
            config_kwargs={
                "s3": {"addressing_style": "path"},
                "connect_timeout": self.timeout_seconds,
                "read_timeout": self.timeout_seconds,
                "retries": {"max_attempts": self.max_attempts - 1},
                "request_checksum_calculation": "when_required",
                "response_checksum_validation": "when_required",
            },
            skip_instance_cache=True,
            use_listings_cache=False,
        )


def _parse(target: str) -> _Target:
    found = _URL.fullmatch(target) if target.isprintable() else None
    parts = found["path"].rstrip("/").split("/") if found else []
    if found is None or not all(_PART.fullmatch(part) and part.strip(". ") for part in parts):
        raise InputError(f"the target {target!r:.160} is no lakefs://repository/branch/path")
    return _Target(found["repository"], found["branch"], "/".join(parts))


@contextmanager
def _explained(target: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StorageError(f"lakeFS knows no repository or branch of {target!r}; make it first") from error
    except PermissionError as error:
        raise NotAllowedError(f"lakeFS does not let this key write {target!r}; ask for the right") from error
    except _store_errors() as error:
        said = (str(error).splitlines() or [""])[0]
        raise StorageError(
            f"lakeFS did not take {target!r} ({type(error).__name__}: {said}); nothing is published, run again"
        ) from error


def _is_there(store: S3FileSystem, where: _Target, version_id: str) -> bool:
    manifest = f"{where.prefix}/{MANIFEST_FILE}"
    if not store.exists(manifest):
        return False
    try:
        there = as_object(parse_json(store.cat_file(manifest)), MANIFEST_FILE).get("id")
    except InputError:
        there = None
    if there != version_id:
        raise ConflictError(f"{where.prefix!r} holds the version {there!r:.60}; publish to another path")
    return True


def _upload(store: S3FileSystem, where: _Target, files: dict[str, Path]) -> None:
    """Everything, the manifest last; what is there when it fails is taken back, as far as the store still answers."""
    is_whole = False
    try:
        for name in sorted(files, key=lambda name: (name == MANIFEST_FILE, name)):
            store.put_file(str(files[name]), f"{where.prefix}/{name}")
        missing = _missing(store, where, files)
        is_whole = missing is None
    finally:
        if not is_whole:
            with suppress(*_store_errors()):
                store.rm(where.prefix, recursive=True)
    if missing is not None:
        raise StorageError(f"{missing}; run again")


def _missing(store: S3FileSystem, where: _Target, files: dict[str, Path]) -> str | None:
    """What the store's own listing lacks, in one sentence; None when all files are there in their size."""
    listed = store.find(where.prefix, detail=True)
    sizes = {name.removeprefix(f"{where.prefix}/"): int(entry["size"]) for name, entry in listed.items()}
    for name, path in files.items():
        if sizes.get(name) != path.stat().st_size:
            return f"lakeFS lists {sizes.get(name)} bytes of {name!r} in {where.prefix!r}, not {path.stat().st_size}"
    return None


def _store_errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with the extra

    return (BotoCoreError, ClientError, OSError)
