"""Write a file whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from preceptor.core.errors import InputError, NotAllowedError, StorageError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes appear under `path` at once, on disk, when the block ends well.

    When it does not (an error, a full disk, a killed process) the old file is still there.
    Missing folders are made. Raises InputError for a folder or a device under this name,
    StorageError when the disk refuses.
    """
    temporary: Path | None = None
    if path.exists() and not path.is_file():
        # A rename would put a plain file in the place of a device such as /dev/full.
        raise InputError(f"{str(path)!r} is no ordinary file; name a file to write")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        if isinstance(error, OSError):
            raise explain(error, path) from error
        raise


def write_text(path: Path, text: str) -> None:
    """Put a text in a file, whole or not at all."""
    with whole_file(path) as stream:
        stream.write(text.encode("utf-8"))


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def explain(error: OSError, path: Path) -> StorageError | NotAllowedError:
    """Our error for what the operating system said, with what to do."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageError(f"no space left to write {str(path)!r}; free some and run the same command again")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NotAllowedError(f"may not write {str(path)!r}: {error.strerror}; choose another place")
    return StorageError(f"cannot write {str(path)!r}: {error.strerror}; check the disk and run again")
