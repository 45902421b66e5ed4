"""How alike two texts are in meaning, by an embedding model that lies inside a package: nothing is downloaded."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from preceptor.core.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class EmbeddingModel(Protocol):
    """What is used of the package."""

    def similarity(self, first: str, second: str) -> float:
        """The cosine of the two texts' vectors, -1 to 1."""
        ...

    def embed(self, texts: list[str], *, batch_size: int) -> NDArray[np.float32]:
        """One vector a text, not of unit length; a batch is padded to its longest text."""
        ...


def check_embedding() -> None:
    """InputError, saying what to install, where the package is missing."""
    if importlib.util.find_spec("wordllama") is None:
        raise InputError("method embedding needs the package wordllama; run `pip install 'preceptor[similarity]'`")


def embedding_similarity(first: str, second: str) -> float:
    """The cosine, with what is below 0 as 0: texts about opposite things are no less alike than unrelated ones.

    A text without a known word is like nothing, but two equal texts are always alike.
    """
    if first == second:
        return 1.0
    return min(1.0, max(0.0, float(embedding_model().similarity(first, second))))


@cache
def embedding_model() -> EmbeddingModel:
    """The model, loaded once in a process. Raises InputError where the package is missing."""
    check_embedding()
    # The package's own folder holds the weights; without both arguments it would ask the network.
    package = importlib.import_module("wordllama")
    folder = Path(str(package.__file__)).parent
    return cast("EmbeddingModel", package.WordLlama.load(cache_dir=folder, disable_download=True))
