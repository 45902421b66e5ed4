"""The only reader of the environment and of `preceptor.toml`."""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from preceptor.core.errors import InputError, NotFoundError

CONFIG_FILE = "preceptor.toml"
DATABASE_FILE = "preceptor.db"


@dataclass(frozen=True)
class Secret:
    """A key that shows nothing of itself when printed or logged; `reveal` gives it."""

    _text: str

    def reveal(self) -> str:
        """The key itself, for the one header that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the program was told by its environment and its workspace's file."""

    folder: Path
    name: str
    database_url: Secret
    cache_folder: Path
    actor: str
    threads: int


def load_settings(folder: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of the workspace in `folder`; the environment wins over the file.

    Raises NotFoundError when the folder is no workspace, InputError for a broken file or value.
    """
    environ = os.environ if environ is None else environ
    path = folder / CONFIG_FILE
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(
            f"{str(folder)!r} is no workspace (it has no {CONFIG_FILE}); "
            "run `preceptor init` there or name another folder with --workspace"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML: {error}") from error
    return Settings(
        folder=folder,
        name=_text(written, "name", folder.resolve().name, path),
        database_url=Secret(environ.get("PRECEPTOR_DATABASE_URL") or _database_url(written, folder, path)),
        cache_folder=cache_folder(environ),
        actor=current_actor(environ),
        threads=num_threads(environ),
    )


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Where pulled models are kept: PRECEPTOR_CACHE, or the user's own cache folder."""
    environ = os.environ if environ is None else environ
    told = environ.get("PRECEPTOR_CACHE")
    return Path(told) if told else Path(platformdirs.user_cache_dir("preceptor"))


def current_actor(environ: Mapping[str, str] | None = None) -> str:
    """Who acts, as written in the audit log: PRECEPTOR_ACTOR, or the operating system's user name."""
    environ = os.environ if environ is None else environ
    told = environ.get("PRECEPTOR_ACTOR", "").strip()
    if not told.isprintable():
        raise InputError(f"PRECEPTOR_ACTOR is {told!r}; write a name of printable characters")
    if told:
        return told
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def num_threads(environ: Mapping[str, str] | None = None, default: int = 1) -> int:
    """Threads of the local model: PRECEPTOR_THREADS, or the default."""
    environ = os.environ if environ is None else environ
    told = environ.get("PRECEPTOR_THREADS") or str(default)
    if not told.isdigit() or not 1 <= int(told) <= 256:  # noqa: PLR2004 - more threads than any machine here
        raise InputError(f"PRECEPTOR_THREADS is {told!r}; give a whole number from 1 to 256")
    return int(told)


def num_cores() -> int:
    """The machine's cores, at least 1."""
    return os.cpu_count() or 1


def secret(variable: str, environ: Mapping[str, str] | None = None) -> Secret | None:
    """The key in an environment variable, or None when it is not set or empty."""
    environ = os.environ if environ is None else environ
    told = environ.get(variable)
    return Secret(told) if told else None


def default_config(name: str) -> str:
    """The text of a new workspace's `preceptor.toml`."""
    return (
        f'name = "{name}"\n\n[database]\n'
        "# SQLite in this folder. A team puts a PostgreSQL address into PRECEPTOR_DATABASE_URL,\n"
        "# never into this file: the file is reviewed and shared, a password is not.\n"
        f'file = "{DATABASE_FILE}"\n'
    )


def _database_url(written: Mapping[str, object], folder: Path, path: Path) -> str:
    section = written.get("database", {})
    if not isinstance(section, Mapping):
        raise InputError(f"{path}: [database] must be a section")
    return f"sqlite:///{folder / _text(section, 'file', DATABASE_FILE, path)}"


def _text(section: Mapping[str, object], key: str, default: str, path: Path) -> str:
    value = section.get(key, default)
    if not isinstance(value, str) or not value:
        raise InputError(f"{path}: {key} is {value!r}; write a text")
    return value
