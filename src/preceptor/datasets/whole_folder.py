"""Write a folder whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Put files, by their path in the folder, on disk under `path`: all of them at once, or none.

    `path` must not exist; its parent must. Raises StorageError when the disk refuses.
    """
    if path.exists():
        raise StorageError(f"{str(path)!r} is already there; remove it or choose another place")
    temporary: Path | None = None
    try:
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART))
        for name, content in files.items():
            _write(temporary / name, content)
        for folder, _, _ in os.walk(temporary):
            sync_folder(Path(folder))
        temporary.chmod(0o755)
        temporary.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise explain(error, path) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
