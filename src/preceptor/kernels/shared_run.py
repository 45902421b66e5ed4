"""The longest run of words that two texts have in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.word_hashes import PART_END, WordHashes

MAX_WORDS = 2_000


class SharedRuns(NamedTuple):
    """For each pair `num_words` words from `starts` in the one text and from `other_starts` in the other.

    They count within the text, where a part's end counts as a word.
    """

    starts: NDArray[np.int64]
    other_starts: NDArray[np.int64]
    num_words: NDArray[np.int64]


def longest_shared_runs(words: WordHashes, left: NDArray[np.int64], right: NDArray[np.int64]) -> SharedRuns:
    """The first of the longest runs of each pair of rows, none of them across the end of a part.

    They are looked for in the first 2,000 words of both; a pair that shares none has 0 words.

    >>> words = WordHashes(np.array([0, 3, 7]), np.array([1, 2, 3, 9, 2, 3, 4], np.uint64))
    >>> [int(column[0]) for column in longest_shared_runs(words, np.array([0]), np.array([1]))]
    [1, 1, 2]
    """
    found = np.zeros((3, len(left)), np.int64)
    _find_all(words.offsets, words.hashes, left, right, found)
    return SharedRuns(found[0], found[1], found[2])


@njit(nogil=True, cache=True)
def _find_all(
    offsets: NDArray[np.int64],
    words: NDArray[np.uint64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    found: NDArray[np.int64],
) -> None:
    for pair in range(len(left)):
        one = words[offsets[left[pair]] : offsets[left[pair] + 1]][:MAX_WORDS]
        other = words[offsets[right[pair]] : offsets[right[pair] + 1]][:MAX_WORDS]
        _find(one, other, found[:, pair])


@njit(nogil=True, cache=True)
def _find(one: NDArray[np.uint64], other: NDArray[np.uint64], found: NDArray[np.int64]) -> None:
    """`above[j + 1]` is the length of the common run that ends with this row's word and `other[j]`."""
    above, now = np.zeros(len(other) + 1, np.int64), np.zeros(len(other) + 1, np.int64)
    for row in range(len(one)):
        word, most = one[row], np.int64(0)
        for column in range(len(other)):
            length = above[column] + 1 if word == other[column] else np.int64(0)
            now[column + 1] = length
            most = max(most, length)
        if word == PART_END:
            now[:] = 0
        elif most > found[2]:
            found[0], found[1], found[2] = row - most + 1, np.argmax(now) - most, most
        above, now = now, above
