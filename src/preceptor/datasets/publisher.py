"""What a publisher is: it brings a committed version to the place where others take it from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from preceptor.core.registry import Registry


@dataclass(frozen=True, kw_only=True)
class StoreAccess:
    """Where a store answers and how it knows the caller. What is secret never stands in a text, a setting or a log."""

    endpoint: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class VersionToPublish:
    """A committed version as it lies: its id and folder, what gives its media by SHA-256, and how to reach a store."""

    id: str
    path: Path
    media: Callable[[str], bytes] | None = None
    access: StoreAccess = field(default_factory=StoreAccess)


class Published(NamedTuple):
    """Where the version now is, and how much of it."""

    target: str
    num_files: int
    num_bytes: int


class Publisher(Protocol):
    """A plugin; a frozen dataclass whose fields are its settings. What is secret comes with the version instead."""

    version: ClassVar[int]

    def publish(self, version: VersionToPublish, target: str) -> Published:
        """Put the version at the target, whole or not at all.

        Raises InputError for a target that is none, ConflictError when something else is there,
        StorageError when the disk or the store refuses.
        """
        ...


publishers: Registry[Publisher] = Registry(kind="publisher", folder="preceptor.datasets.publishers")
