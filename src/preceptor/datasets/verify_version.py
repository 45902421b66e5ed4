"""Find what was changed in a version's folder after it was written."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from preceptor.core.errors import InputError
from preceptor.core.json_values import as_object, parse_json
from preceptor.datasets.manifest import MANIFEST_FILE, read_manifest, version_id


def verify_version(folder: Path) -> tuple[str, ...]:
    """Every problem in one sentence each, in the order of the files; empty for an untouched version.

    Files that were changed, removed or added are found, and a manifest that no longer gives the
    id it carries. Raises NotFoundError when the folder holds no version.
    """
    manifest = read_manifest(folder)
    carried = as_object(parse_json((folder / MANIFEST_FILE).read_bytes()), MANIFEST_FILE).get("id")
    problems = []
    if carried != version_id(manifest):
        problems.append(f"{MANIFEST_FILE} gives the id {version_id(manifest)}, not {carried!r:.60}")
    for name, digest in sorted(manifest.files.items()):
        problem = _file_problem(folder, name, digest)
        if problem:
            problems.append(problem)
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    extra = sorted(present - set(manifest.files) - {MANIFEST_FILE})
    return (*problems, *(f"{name} was added" for name in extra))


def _file_problem(folder: Path, name: str, digest: str) -> str | None:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise InputError(f"{MANIFEST_FILE} names the file {name!r:.60}, outside the version; do not use it")
    path = folder / name
    if not path.is_file():
        return f"{name} is missing"
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return None if found == digest else f"{name} was changed: its SHA-256 is {found}, not {digest}"
