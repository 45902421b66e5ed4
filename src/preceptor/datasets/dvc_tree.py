"""What DVC knows of a folder: the MD5 of each file, of the listing of them, and where its cache keeps both."""

from __future__ import annotations

import hashlib
import json
import shutil
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass
from pathlib import Path

from preceptor.core.errors import InputError
from preceptor.core.files import whole_file
from preceptor.datasets.new_folder import files_of


@dataclass(frozen=True, kw_only=True)
class DvcTree:
    """A folder as DVC writes it down: `listing` is the `.dir` file, `md5` its hash, with the ending `.dir`."""

    folder: Path
    files: tuple[tuple[str, str], ...]
    listing: bytes
    md5: str
    num_bytes: int


def dvc_tree(folder: Path) -> DvcTree:
    """The tree of a folder. Source: DVC, "Internal Directories and Files" (structure of the cache directory)."""
    paths = files_of(folder)
    files = tuple((path.relative_to(folder).as_posix(), _md5(path)) for path in paths)
    entries = [{"md5": md5, "relpath": name} for name, md5 in sorted(files)]
    # DVC hashes exactly this text: default separators, sorted keys.
    listing = json.dumps(entries, sort_keys=True).encode()
    md5 = hashlib.md5(listing, usedforsecurity=False).hexdigest() + ".dir"
    num_bytes = sum(path.stat().st_size for path in paths)
    return DvcTree(folder=folder, files=files, listing=listing, md5=md5, num_bytes=num_bytes)


def find_project(target: Path) -> Path:
    """The folder above the target that DVC was set up in. Raises InputError when there is none."""
    for folder in target.absolute().parents:
        if (folder / ".dvc").is_dir():
            return folder
    raise InputError(f"{str(target)!r} lies in no DVC project; run `dvc init` in one of its folders")


def cache_folder(project: Path) -> Path:
    """Where the project's cache lies: `cache.dir` of its configuration, or `.dvc/cache`.

    Raises InputError for a configuration that cannot be read.
    """
    config = ConfigParser(interpolation=None)
    try:
        config.read([project / ".dvc" / "config", project / ".dvc" / "config.local"], encoding="utf-8")
    except (ConfigError, UnicodeDecodeError) as error:
        raise InputError(f"the DVC configuration of {str(project)!r} cannot be read: {error}; mend it") from error
    named = config.get("cache", "dir", fallback="cache")
    return project / ".dvc" / named


def add_to_cache(tree: DvcTree, cache: Path) -> None:
    """Keep each file and the listing under its MD5; what is there already is left alone."""
    for name, md5 in tree.files:
        path = _object(cache, md5)
        if not path.exists():
            with whole_file(path) as stream, (tree.folder / name).open("rb") as source:
                shutil.copyfileobj(source, stream)
            path.chmod(0o444)
    path = _object(cache, tree.md5)
    if not path.exists():
        with whole_file(path) as stream:
            stream.write(tree.listing)
        path.chmod(0o444)


def _object(cache: Path, md5: str) -> Path:
    return cache / "files" / "md5" / md5[:2] / md5[2:]


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
