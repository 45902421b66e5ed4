"""The words of texts, and their pairs, as numbers below 65,536: the same on any machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.kernels.word_hashes import word_hashes

NUM_FEATURES = 65_536
MAX_WORDS = 128
# An odd multiplier with well spread bits, so that a pair and its reverse differ.
_PAIR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(48)


def hashed_features(texts: Sequence[str]) -> pa.ListArray:
    """The features of the first 128 words of each text, those of pairs of neighbours after those of words.

    >>> one, other = hashed_features(["Refund my Order!", "refund my  order"]).to_pylist()
    >>> one == other, len(one)
    (True, 5)
    """
    found = word_hashes(pa.array(texts, pa.large_string()))
    lengths = np.diff(found.offsets)
    rows = np.repeat(np.arange(len(texts)), lengths)
    is_kept = np.arange(len(rows)) - np.repeat(found.offsets[:-1], lengths) < MAX_WORDS
    words, rows = found.hashes[is_kept], rows[is_kept]
    is_pair = rows[1:] == rows[:-1]
    pairs = (words[:-1] * _PAIR ^ words[1:])[is_pair] * _PAIR
    owners = np.concatenate([rows, rows[1:][is_pair]])
    order = np.argsort(owners, kind="stable")
    offsets = np.append(0, np.cumsum(np.bincount(owners, minlength=len(texts))))
    return pa.ListArray.from_arrays(
        pa.array(offsets.astype(np.int32)), pa.array(_small(np.concatenate([words, pairs]))[order])
    )


def _small(hashes: NDArray[np.uint64]) -> NDArray[np.uint16]:
    features: NDArray[np.uint16] = (hashes >> _SHIFT).astype(np.uint16)
    return features
