"""Build a folder file by file that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.files import explain, sync_folder


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path`, which becomes `path`, on disk, when the block ends well.

    Unlike `write_folder` it holds no file in memory. Raises ConflictError when `path` is there,
    StorageError when the disk refuses; then nothing is to be seen.
    """
    if path.exists():
        raise ConflictError(f"{str(path)!r} is already there; remove it or name another place")
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
        yield temporary
        _sync(temporary)
        temporary.chmod(0o755)
        temporary.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise explain(error, path) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def local_target(target: str) -> Path:
    """The path that a target names. Raises InputError for an empty one, a URL or control characters."""
    if not target or not target.isprintable() or "://" in target:
        raise InputError(f"the target {target!r:.120} is no path of a folder; name one")
    return Path(target)


def files_of(folder: Path) -> list[Path]:
    """Every file in a folder, sorted by its path in it; links are followed."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sync(folder: Path) -> None:
    for name, _, files in os.walk(folder):
        for file in files:
            with (Path(name) / file).open("rb") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(name))
