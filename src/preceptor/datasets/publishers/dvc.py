"""A folder in a DVC project, tracked as `dvc add` would track it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import yaml

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.files import explain, write_text
from preceptor.datasets.dvc_tree import DvcTree, add_to_cache, cache_folder, dvc_tree, find_project
from preceptor.datasets.new_folder import local_target, new_folder
from preceptor.datasets.publisher import Published, VersionToPublish


@dataclass(frozen=True, kw_only=True)
class Dvc:
    """The version's folder at the target, `<target>.dvc` beside it, and the files in the project's cache.

    DVC itself is not needed. A folder that DVC already tracks unchanged is replaced by the new version; one with
    changes of its own is left alone. `<target>.dvc` is written last and `.gitignore` learns the folder's name:
    commit both. Source: DVC, ".dvc Files" and "Internal Directories and Files"; checked with `dvc status` 3.67.

    >>> Dvc().version
    1
    """

    version: ClassVar[int] = 1

    def publish(self, version: VersionToPublish, target: str) -> Published:
        """The tracked folder. Raises InputError outside a DVC project, ConflictError for other content there."""
        path = local_target(target).absolute()
        project = find_project(path)
        pointer = path.with_name(f"{path.name}.dvc")
        tree = dvc_tree(version.path)
        add_to_cache(tree, cache_folder(project))
        if path.exists():
            _require_tracked(path, pointer)
            _move_away(path)
        with new_folder(path) as folder:
            shutil.copytree(version.path, folder, dirs_exist_ok=True)
        _ignore(path)
        write_text(pointer, _pointer_text(tree, path.name))
        return Published(str(path), len(tree.files), tree.num_bytes)


def _require_tracked(path: Path, pointer: Path) -> None:
    try:
        written = yaml.safe_load(pointer.read_text("utf-8"))
        tracked = written["outs"][0]["md5"]
    except FileNotFoundError as error:
        raise ConflictError(f"{str(path)!r} is there and DVC does not track it; remove it or name another") from error
    except (yaml.YAMLError, UnicodeDecodeError, LookupError, TypeError) as error:
        raise InputError(f"{str(pointer)!r} cannot be read as a .dvc file; restore it") from error
    if dvc_tree(path).md5 != tracked:
        raise ConflictError(f"{str(path)!r} has changes that DVC does not know; run `dvc commit` or remove them")


def _move_away(path: Path) -> None:
    """Remove a folder whose content the cache holds, at once for those who look."""
    try:
        away = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
        path.rename(away / path.name)
        shutil.rmtree(away, ignore_errors=True)
    except OSError as error:
        raise explain(error, path) from error


def _ignore(path: Path) -> None:
    ignored, line = path.with_name(".gitignore"), f"/{path.name}"
    try:
        there = ignored.read_text("utf-8").splitlines() if ignored.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{str(ignored)!r} cannot be read; add the line {line!r} to it yourself") from error
    if line not in there:
        write_text(ignored, "\n".join([*there, line]) + "\n")


def _pointer_text(tree: DvcTree, name: str) -> str:
    out = {"md5": tree.md5, "size": tree.num_bytes, "nfiles": len(tree.files), "hash": "md5", "path": name}
    return yaml.safe_dump({"outs": [out]}, sort_keys=False, allow_unicode=True)
