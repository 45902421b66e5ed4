"""The hash of every run of words of some texts, and of every part of a text as a whole."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.ngram_hash import BASE, base_power
from preceptor.kernels.word_hashes import PART_END, stirred


class Runs(NamedTuple):
    """The runs in the order of the texts: hash, number of the text, and the word of the text it begins with."""

    hashes: NDArray[np.uint64]
    texts: NDArray[np.int32]
    starts: NDArray[np.int32]


class Parts(NamedTuple):
    """The parts that have words, in order: hash of all words, and number of the text."""

    hashes: NDArray[np.uint64]
    texts: NDArray[np.int32]


def runs_of(offsets: NDArray[np.int64], words: NDArray[np.uint64], num_words: int) -> Runs:
    """All runs of `num_words` words within a part; equal ones come as often as they stand."""
    hashes, texts, starts, count = _runs(offsets, words, num_words)
    return Runs(hashes[:count], texts[:count], starts[:count])


def parts_of(offsets: NDArray[np.int64], words: NDArray[np.uint64]) -> Parts:
    """All parts of all texts."""
    hashes, texts, count = _parts(offsets, words)
    return Parts(hashes[:count], texts[:count])


@njit(nogil=True, cache=True)
def _runs(
    offsets: NDArray[np.int64], words: NDArray[np.uint64], num_words: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32], int]:
    hashes = np.empty(len(words), np.uint64)
    texts, starts = np.empty(len(words), np.int32), np.empty(len(words), np.int32)
    count = 0
    leaving = base_power(num_words)
    for text in range(len(offsets) - 1):
        run, length, number = np.uint64(0), 0, 0
        for place in range(offsets[text], offsets[text + 1]):
            if words[place] == PART_END:
                run, length = np.uint64(0), 0
                continue
            number += 1
            run = run * BASE + words[place]
            if length == num_words:
                run -= words[place - num_words] * leaving
            else:
                length += 1
            if length == num_words:
                hashes[count], texts[count], starts[count] = stirred(run), text, number - num_words
                count += 1
    return hashes, texts, starts, count


@njit(nogil=True, cache=True)
def _parts(offsets: NDArray[np.int64], words: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int32], int]:
    hashes, texts = np.empty(len(words), np.uint64), np.empty(len(words), np.int32)
    count = 0
    for text in range(len(offsets) - 1):
        whole, has_words = np.uint64(0), False
        for place in range(offsets[text], offsets[text + 1] + 1):
            is_end = place == offsets[text + 1] or words[place] == PART_END
            if not is_end:
                whole, has_words = whole * BASE + words[place], True
                continue
            if has_words:
                hashes[count], texts[count] = stirred(whole), text
                count += 1
            whole, has_words = np.uint64(0), False
    return hashes, texts, count
