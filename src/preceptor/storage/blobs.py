"""Large payloads and definitions, kept once under the hash of their bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.core.files import whole_file


@dataclass(frozen=True, kw_only=True)
class BlobStore:
    """A folder of files named by their SHA-256; writing the same bytes twice keeps one."""

    folder: Path

    def add(self, content: bytes) -> str:
        """The hash under which the bytes are on disk from now on."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            with whole_file(path) as stream:
                stream.write(content)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes; NotFoundError when there are none, ConflictError when they are not what was written."""
        path = self._path(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError(f"no stored file {digest!r} in {str(self.folder)!r}") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise ConflictError(f"{str(path)!r} was changed after it was written; restore it from a copy")
        return content

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest
