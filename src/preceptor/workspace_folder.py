"""Lay out a new workspace's folder from a template that ships in the package."""

from __future__ import annotations

import importlib.resources
import shutil
import tempfile
from collections.abc import Callable
from importlib.resources.abc import Traversable
from pathlib import Path

from preceptor.core.errors import ConflictError, InputError
from preceptor.core.files import explain, sync_folder
from preceptor.settings import CONFIG_FILE, default_config

DEFAULT_TEMPLATE = "support_desk"


def template_names() -> list[str]:
    """The templates that ship in the package, sorted."""
    return sorted(entry.name for entry in _templates().iterdir() if entry.is_dir() and entry.name[0] not in "._")


def lay_out(folder: Path, template: str, name: str, prepare: Callable[[Path], None]) -> None:
    """Make the folder with the template's files; it is there whole or not at all.

    `prepare` is called with the draft before it takes its name: what it makes belongs to the whole.
    Raises ConflictError when the folder is there and not empty, InputError for an unknown
    template; nothing is changed then.
    """
    if template not in template_names():
        raise InputError(f"no template {template!r}; there are: {', '.join(template_names())}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConflictError(f"{str(folder)!r} is there and not empty; choose a new folder for the workspace")
    draft: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        _copy(_templates() / template, draft)
        (draft / CONFIG_FILE).write_text(default_config(name), encoding="utf-8")
        draft.chmod(0o755)
        prepare(draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
        sync_folder(folder.parent)
    except BaseException as error:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError):
            raise explain(error, folder) from error
        raise


def _templates() -> Traversable:
    return importlib.resources.files("preceptor") / "templates"


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
