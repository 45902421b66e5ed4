"""Publish a committed version, after making sure that nobody changed it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from preceptor.core.errors import ConflictError
from preceptor.datasets.publisher import Published, Publisher, StoreAccess, VersionToPublish
from preceptor.datasets.types import DatasetVersion
from preceptor.datasets.verify_version import verify_version


def publish(
    version: DatasetVersion,
    publisher: Publisher,
    target: str,
    access: StoreAccess | None = None,
    media: Callable[[str], bytes] | None = None,
) -> Published:
    """Where the version now is. `media` gives the bytes of an image or document by its SHA-256.

    Raises ConflictError when the version's folder was changed after it was written, and what the
    publisher raises.
    """
    folder = Path(version.folder)
    problems = verify_version(folder)
    if problems:
        raise ConflictError(f"the version {version.folder!r} was changed: {problems[0]}; restore it from a copy")
    wanted = VersionToPublish(id=version.id, path=folder, media=media, access=access or StoreAccess())
    return publisher.publish(wanted, target)
