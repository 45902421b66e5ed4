"""The passages that answers may cite, one file each."""

from __future__ import annotations

from pathlib import Path

MAX_PASSAGE_BYTES = 4_000_000


def read_passages(folder: Path, mistakes: list[str]) -> dict[str, str]:
    """The text of each `.md` and `.txt` file under its name without the ending, sorted by name.

    What is wrong (no folder, no file, one too large, a name twice) is added to `mistakes`.
    """
    if not folder.is_dir():
        mistakes.append(f"{folder}: no such folder of passages; check the path in the suite")
        return {}
    found: dict[str, str] = {}
    for path in sorted([*folder.glob("*.md"), *folder.glob("*.txt")]):
        try:
            if path.stat().st_size > MAX_PASSAGE_BYTES:
                mistakes.append(f"{path}: larger than {MAX_PASSAGE_BYTES:,} bytes; split it into passages")
            elif path.stem in found:
                mistakes.append(f"{path}: another file gives the passage {path.stem!r} already; rename one")
            else:
                found[path.stem] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            mistakes.append(f"{path}: cannot be read: {error}")
    if not found:
        mistakes.append(f"{folder}: holds no .md or .txt file; put one passage in each")
    return found
