"""How probable it is that a text is toxic or profane, by a linear model over words that lies inside a package."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import NamedTuple, Protocol, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from preceptor.kernels.word_hashes import PART_END, word_hashes


class ProbabilityModel(Protocol):
    """What is used of the fitted classifier."""

    def predict_proba(self, features: sparse.csr_matrix) -> NDArray[np.float64]:
        """The probabilities of fine and of profane, a row a text."""
        ...


class _Words(NamedTuple):
    """The model's words by sorted hash: the column of each, and its inverse document frequency."""

    hashes: NDArray[np.uint64]
    columns: NDArray[np.int64]
    frequencies: NDArray[np.float64]


def missing_profanity_model() -> str | None:
    """What to install where the package is missing, or None."""
    if importlib.util.find_spec("profanity_check") is None:
        return "it needs the package alt-profanity-check; run `pip install 'preceptor[toxicity]'`"
    return None


def profanity_probabilities(texts: pa.LargeStringArray) -> NDArray[np.float64]:
    r"""The probability of each text, from 0 to 1; of texts joined by NUL, that of the worst one.

    The package's own model and weights; only its cutting of texts into words is done by the compiled
    loop, for that is where it spends its time.

    >>> texts = pa.array(["thank you", "a long and friendly letter \x00 you fucking idiot"], pa.large_string())
    >>> profanity_probabilities(texts).round().tolist()
    [0.0, 1.0]
    """
    if not len(texts):
        return np.empty(0)
    found = word_hashes(texts)
    ends = np.cumsum(found.hashes == PART_END)
    # A part of a text is a row of its own; text `i` begins as many rows late as parts ended before it.
    first_rows = np.append(0, ends)[found.offsets] + np.arange(len(found.offsets))
    rows = np.repeat(np.arange(len(texts)), np.diff(found.offsets)) + ends
    probabilities = _scores(found.hashes, rows, int(first_rows[-1]))
    return np.maximum.reduceat(probabilities, first_rows[:-1])


def _scores(hashes: NDArray[np.uint64], rows: NDArray[np.int64], num_rows: int) -> NDArray[np.float64]:
    words, model = _loaded()
    places = np.minimum(np.searchsorted(words.hashes, hashes), len(words.hashes) - 1)
    known = words.hashes[places] == hashes
    columns = words.columns[places[known]]
    shape = (num_rows, len(words.frequencies))
    features = sparse.csr_matrix((words.frequencies[columns], (rows[known], columns)), shape=shape)
    lengths = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
    features.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(features.indptr))
    scores: NDArray[np.float64] = model.predict_proba(features)[:, 1]
    return scores


@cache
def _loaded() -> tuple[_Words, ProbabilityModel]:
    package = importlib.import_module("profanity_check.profanity_check")
    vocabulary = cast("dict[str, int]", package.vectorizer.vocabulary_)
    hashed = word_hashes(pa.array(list(vocabulary), pa.large_string()))
    # A word of the model that our loop cuts in two is none that it can find.
    is_one = np.diff(hashed.offsets) == 1
    hashes = hashed.hashes[hashed.offsets[:-1][is_one]]
    columns = np.array(list(vocabulary.values()))[is_one]
    order = np.argsort(hashes)
    frequencies = np.asarray(package.vectorizer.idf_, np.float64)
    return _Words(hashes[order], columns[order], frequencies), cast("ProbabilityModel", package.model)
