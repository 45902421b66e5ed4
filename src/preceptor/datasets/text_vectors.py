"""Texts as vectors by meaning, from the model inside the extra `similarity`: nothing is downloaded."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preceptor.core.storable_text import storable
from preceptor.grading.embedding import embedding_model

Vectors = NDArray[np.float32]

NUM_DIMENSIONS = 256
# The package pads the texts of a group to the longest: few at once and cut texts bound its memory.
TEXTS_AT_ONCE = 16
MAX_CHARACTERS = 4_000


def missing_model() -> str | None:
    """What to install where the package is missing; None when vectors can be made."""
    if importlib.util.find_spec("wordllama") is None:
        return "it needs the package wordllama; run `pip install 'preceptor[similarity]'`"
    return None


def text_vectors(texts: Sequence[str]) -> Vectors:
    """A unit vector a text, from its first 4,000 characters; all zero for a text without a known word.

    Their product is the cosine of two texts. Raises InputError where the package is missing.
    """
    vectors = np.zeros((len(texts), NUM_DIMENSIONS), np.float32)
    places = [place for place, text in enumerate(texts) if text and not text.isspace()]
    if not places:
        return vectors
    cut = [storable(texts[place][:MAX_CHARACTERS]) for place in places]
    # A text of unknown characters only is the mean of no vectors.
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.nan_to_num(embedding_model().embed(cut, batch_size=TEXTS_AT_ONCE))
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    vectors[places] = found / np.where(lengths > 0, lengths, 1)
    return vectors
