"""Write a folder whole or not at all, under a name that follows from what is in it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from preceptor.core.errors import StorageError
from preceptor.core.files import explain, sync_folder

PART = ".part"


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """A block in which no other process writes versions into this folder; others wait.

    What a killed writer left behind is removed first. The folder is made when missing.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / ".lock").open("w")
    except OSError as error:
        raise explain(error, folder) from error
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        for leftover in folder.glob(f".*{PART}"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


class HashedFile:
    """A file that is hashed while it is written; closed, it is on disk."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream: IO[bytes] = path.open("wb")
        self._hash = hashlib.sha256()

    def write(self, content: bytes) -> int:
        """Add some bytes."""
        self._hash.update(content)
        return self._stream.write(content)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._stream.tell()

    def flush(self) -> None:
        """Hand the bytes to the operating system."""
        self._stream.flush()

    def close(self) -> None:
        """Put the bytes on disk; once is enough."""
        if not self._stream.closed:
            try:
                self._stream.flush()
                os.fsync(self._stream.fileno())
            finally:
                self._stream.close()

    @property
    def closed(self) -> bool:
        """True when nothing more can be written."""
        return self._stream.closed

    @property
    def hexdigest(self) -> str:
        """SHA-256 of what was written."""
        return self._hash.hexdigest()


@dataclass(kw_only=True)
class UnnamedFolder:
    """A hidden folder that files are written into; `hashes` are those of its files, by path in it."""

    path: Path
    hashes: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def file(self, name: str) -> Iterator[HashedFile]:
        """A file to be written; its hash is noted when the block ends well."""
        stream = HashedFile(self.path / name)
        try:
            yield stream
        finally:
            stream.close()
        self.hashes[name] = stream.hexdigest

    def write(self, name: str, content: bytes) -> None:
        """Put a file into the folder."""
        with self.file(name) as stream:
            stream.write(content)

    def publish(self, path: Path) -> None:
        """Let the folder appear, on disk, under its name, which must be free and beside it."""
        if path.exists():
            raise StorageError(f"{str(path)!r} is already there; remove it or choose another place")
        for folder, _, _ in os.walk(self.path):
            sync_folder(Path(folder))
        self.path.chmod(0o755)
        self.path.rename(path)
        sync_folder(path.parent)


@contextmanager
def unnamed_folder(parent: Path) -> Iterator[UnnamedFolder]:
    """A folder in `parent` that is removed at the end of the block unless it was published.

    Raises StorageError when the disk refuses.
    """
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=parent, prefix=".new.", suffix=PART))
        yield UnnamedFolder(path=temporary)
    except OSError as error:
        raise explain(error, parent) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
