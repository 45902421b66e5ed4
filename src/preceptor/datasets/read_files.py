"""The files that paths, patterns and folders name."""

from __future__ import annotations

from collections.abc import Iterable
from glob import glob, has_magic
from pathlib import Path

from preceptor.core.errors import NotFoundError


def find_files(paths: Iterable[Path | str]) -> list[Path]:
    """Each path as it stands, and the matches of each pattern (`shards/*.jsonl`, `**` for any depth) in order of name.

    A file that is named twice is given once, at its first place. Raises NotFoundError for a pattern
    that matches nothing; whether a plain path is there, its reader says.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not has_magic(str(path)) or Path(path).exists():
            found[Path(path)] = None
            continue
        names = sorted(glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        matches = [Path(name) for name in names if Path(name).is_file()]
        if not matches:
            raise NotFoundError(f"no file matches {str(path)!r}; check the pattern")
        found |= dict.fromkeys(matches)
    return list(found)
