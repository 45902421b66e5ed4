"""The shingles of many texts: a hash of every run of words, on which their likeness is measured."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.ngram_hash import BASE, base_power
from preceptor.kernels.short_shingles import short_shingles
from preceptor.kernels.sort_hashes import BUCKETS, MAX_HASHES, sort_hashes
from preceptor.kernels.word_hashes import PART_END, WordHashes, stirred, word_hashes

_PLACE_MARK = np.uint64(0xD6E8FEB86659FD93)


class Shingles(NamedTuple):
    """Those of text `i` are `hashes[offsets[i]:offsets[i + 1]]`, in the order of the text, or sorted and each once."""

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]


class Apart(NamedTuple):
    """What keeps texts apart whose words are the same.

    Texts of different `tags` share no shingle. The last `num_placed` parts of a text are told apart by
    their place, so that a better and a worse answer that change places make another text.
    """

    tags: NDArray[np.uint64]
    num_placed: NDArray[np.int64]


def no_difference(num_texts: int) -> Apart:
    """Only the words count."""
    return Apart(np.zeros(num_texts, np.uint64), np.zeros(num_texts, np.int64))


def shingle_texts(texts: pa.LargeStringArray, num_words: int, apart: Apart | None = None) -> Shingles:
    """Every run of `num_words` words, in the order of the text; a run may cross the end of a part.

    A text with fewer words has the runs of five characters of its words instead, or, without any word,
    of its other characters; one of white space has none. Equal runs come as often as they stand.

    >>> found = shingle_texts(pa.array(["a b c", "A, b c d", ""], pa.large_string()), 3)
    >>> found.offsets.tolist(), bool(found.hashes[0] == found.hashes[1])
    ([0, 1, 3, 3], True)
    """
    apart = no_difference(len(texts)) if apart is None else apart
    words = word_hashes(texts)
    if apart.num_placed.any():
        words = WordHashes(words.offsets, _placed(words.offsets, words.hashes, apart.num_placed))
    counts = _num_words(words.offsets, words.hashes)
    short = np.flatnonzero(counts < num_words)
    few = short_shingles(texts, short, apart.num_placed)
    sizes = np.maximum(counts - num_words + 1, 0)
    sizes[short] = np.diff(few.offsets)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    hashes = np.empty(int(offsets[-1]), np.uint64)
    _shingle(words.offsets, words.hashes, num_words, apart.tags, offsets, hashes)
    _put_short(short, few.offsets, few.hashes, apart.tags, offsets, hashes)
    return Shingles(offsets, hashes)


def shingle_sets(shingles: Shingles) -> Shingles:
    """The same, of each text sorted and each once."""
    hashes = shingles.hashes.copy()
    offsets = np.empty_like(shingles.offsets)
    count = _sort_and_pack(shingles.offsets, hashes, offsets)
    return Shingles(offsets, hashes[:count])


@njit(nogil=True, cache=True)
def _num_words(offsets: NDArray[np.int64], words: NDArray[np.uint64]) -> NDArray[np.int64]:
    counts = np.zeros(len(offsets) - 1, np.int64)
    for row in range(len(counts)):
        for place in range(offsets[row], offsets[row + 1]):
            counts[row] += words[place] != PART_END
    return counts


@njit(nogil=True, cache=True)
def _placed(offsets: NDArray[np.int64], words: NDArray[np.uint64], num_placed: NDArray[np.int64]) -> NDArray[np.uint64]:
    marked = words.copy()
    for row in range(len(num_placed)):
        part = 1
        for place in range(offsets[row + 1] - 1, offsets[row] - 1, -1):
            if part > num_placed[row]:
                break
            if words[place] == PART_END:
                part += 1
            else:
                marked[place] = stirred(words[place] + np.uint64(part) * _PLACE_MARK)
    return marked


@njit(nogil=True, cache=True)
def _shingle(
    word_offsets: NDArray[np.int64],
    words: NDArray[np.uint64],
    num_words: int,
    tags: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
) -> None:
    leaving = base_power(num_words)
    recent = np.zeros(num_words, np.uint64)
    for row in range(len(offsets) - 1):
        run, length, slot, count = np.uint64(0), 0, 0, offsets[row]
        for place in range(word_offsets[row], word_offsets[row + 1]):
            word = words[place]
            if word == PART_END:
                continue
            run = run * BASE + word
            if length >= num_words:
                run -= recent[slot] * leaving
            recent[slot] = word
            slot = slot + 1 if slot + 1 < num_words else 0
            length += 1
            if length >= num_words:
                hashes[count] = stirred(run ^ tags[row])
                count += 1


@njit(nogil=True, cache=True)
def _put_short(
    rows: NDArray[np.int64],
    few_offsets: NDArray[np.int64],
    few: NDArray[np.uint64],
    tags: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
) -> None:
    for number in range(len(rows)):
        row = rows[number]
        for place in range(few_offsets[number + 1] - few_offsets[number]):
            hashes[offsets[row] + place] = stirred(few[few_offsets[number] + place] ^ tags[row])


@njit(nogil=True, cache=True)
def _sort_and_pack(offsets: NDArray[np.int64], hashes: NDArray[np.uint64], new_offsets: NDArray[np.int64]) -> int:
    ends, spare = np.empty(BUCKETS + 1, np.int64), np.empty(MAX_HASHES, np.uint64)
    count = 0
    new_offsets[0] = 0
    for row in range(len(offsets) - 1):
        own = hashes[offsets[row] : offsets[row + 1]]
        sort_hashes(own, ends, spare)
        before = np.uint64(0)
        for place in range(len(own)):
            # What is written never overtakes what is read, but it may take the place of the one before.
            one = own[place]
            if place == 0 or one != before:
                hashes[count] = one
                count += 1
            before = one
        new_offsets[row + 1] = count
    return count
