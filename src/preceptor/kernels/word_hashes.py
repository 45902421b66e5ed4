"""One pass over many texts: a 64-bit hash of each of their words, as `datasets.normal_text.words` cuts them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.arrow_text import TextBytes
from preceptor.kernels.character_classes import WHOLE_WORD, WORD, CharacterClasses
from preceptor.kernels.normal_rows import ASCII, WHOLE, character_at, normal_rows

# Stands where a text's part ends, at a NUL: no word hashes to it.
PART_END = np.uint64(0)
_START = np.uint64(0xCBF29CE484222325)
_STEP = np.uint64(0x100000001B3)
_FIRST = np.uint64(0xFF51AFD7ED558CCD)
_SECOND = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_NUL = 0


class WordHashes(NamedTuple):
    """The words of text `i`, in order, are `hashes[offsets[i]:offsets[i + 1]]`, with PART_END where a NUL stands."""

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]


class WordPlaces(NamedTuple):
    """Words with the characters of the text, from `starts` up to `ends`, that each was made of.

    Both are -1 for the words of a text that had to be normalised as a whole.
    """

    words: WordHashes
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def word_hashes(texts: pa.LargeStringArray) -> WordHashes:
    r"""The hash of each word of each normalised text; the same word has the same hash on any machine, never 0.

    >>> found = word_hashes(pa.array(["My order!", "", "my \x00 ORDER"], pa.large_string()))
    >>> found.offsets.tolist(), bool(found.hashes[0] == found.hashes[2]), int(found.hashes[3])
    ([0, 2, 2, 5], True, 0)
    """
    return _hashed(texts, places=False).words


def word_places(texts: pa.LargeStringArray) -> WordPlaces:
    """As `word_hashes`, with where each word stands."""
    return _hashed(texts, places=True)


def _hashed(texts: pa.LargeStringArray, *, places: bool) -> WordPlaces:
    rows = normal_rows(texts)
    room = _most_words(rows.texts)
    starts, ends = (np.empty(room if places else 0, np.int32) for _ in range(2))
    ends_at = np.empty(len(rows.texts.offsets), np.int64)
    out = WordPlaces(WordHashes(ends_at, np.empty(room, np.uint64)), starts, ends)
    _hash_words(rows.texts, rows.needs, rows.tables, out)
    count = int(ends_at[-1])
    # Views, not copies: of the room that no word took, no page was ever touched.
    return WordPlaces(WordHashes(ends_at, out.words.hashes[:count]), starts[:count], ends[:count])


def _most_words(texts: TextBytes) -> int:
    """No more words than this: each but the last of a text takes two bytes, and each NUL one."""
    values = texts.values[texts.offsets[0] : texts.offsets[-1]]
    return len(values) // 2 + len(texts.offsets) + _num_nuls(values)


@njit(nogil=True, cache=True)
def _num_nuls(values: NDArray[np.uint8]) -> int:
    count = 0
    for value in values:
        count += value == np.uint8(_NUL)
    return count


@njit(nogil=True, cache=True)
def stirred(value: np.uint64) -> np.uint64:
    """The value with all bits mixed (MurmurHash3's finaliser), never 0."""
    value ^= value >> _SHIFT
    value *= _FIRST
    value ^= value >> _SHIFT
    value *= _SECOND
    value ^= value >> _SHIFT
    return value if value != np.uint64(0) else np.uint64(1)


# Numba counts references of what stands in tuples and slices, so the inner loops take plain arrays and numbers.
@njit(nogil=True, cache=True)
def _hash_words(texts: TextBytes, needs: NDArray[np.uint8], tables: CharacterClasses, out: WordPlaces) -> None:
    letters = np.zeros(256, np.uint8)
    for code in range(128):
        if tables.classes[code] == WORD:
            letters[code] = tables.folded[code]
    offsets, values, classes, folded = texts.offsets, texts.values, tables.classes, tables.folded
    ends_at, hashes, starts, ends = out.words.offsets, out.words.hashes, out.starts, out.ends
    count = 0
    ends_at[0] = 0
    for row in range(len(offsets) - 1):
        first, last = offsets[row], offsets[row + 1]
        if needs[row] == ASCII:
            count = _ascii_row(values[first:last], letters, hashes, starts, ends, count)
        elif needs[row] == WHOLE:
            before = count
            count = _any_row(values[first:last], classes, folded[:0], hashes, starts, ends, count)
            if len(starts):
                starts[before:count] = -1
                ends[before:count] = -1
        else:
            count = _any_row(values[first:last], classes, folded, hashes, starts, ends, count)
        ends_at[row + 1] = count


@njit(nogil=True, cache=True)
def _ascii_row(
    values: NDArray[np.uint8],
    letters: NDArray[np.uint8],
    hashes: NDArray[np.uint64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    count: int,
) -> int:
    place, last = 0, len(values)
    while place < last:
        letter = letters[values[place]]
        if letter == 0:
            place += 1
            if values[place - 1] == _NUL:
                count = _put(PART_END, place - 1, place, hashes, starts, ends, count)
            continue
        word, begin = _START, place
        while letter != 0:
            word = (word ^ np.uint64(letter)) * _STEP
            place += 1
            if place == last:
                break
            letter = letters[values[place]]
        count = _put(stirred(word), begin, place, hashes, starts, ends, count)
    return count


@njit(nogil=True, cache=True)
def _any_row(
    values: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    folded: NDArray[np.int32],
    hashes: NDArray[np.uint64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    count: int,
) -> int:
    """The words of a text in UTF-8; without `folded` its characters are normal already."""
    word, begin, number, place = _START, -1, -1, 0
    while place < len(values):
        code, place = character_at(values, place)
        number += 1
        kind = classes[code]
        if kind == WORD:
            begin = number if begin < 0 else begin
            word = (word ^ np.uint64(folded[code] if len(folded) else code)) * _STEP
            continue
        if begin >= 0:
            count = _put(stirred(word), begin, number, hashes, starts, ends, count)
            word, begin = _START, -1
        if kind == WHOLE_WORD:
            one = stirred((_START ^ np.uint64(code)) * _STEP)
            count = _put(one, number, number + 1, hashes, starts, ends, count)
        elif code == _NUL:
            count = _put(PART_END, number, number + 1, hashes, starts, ends, count)
    if begin >= 0:
        count = _put(stirred(word), begin, number + 1, hashes, starts, ends, count)
    return count


@njit(nogil=True, cache=True, inline="always")
def _put(
    word: np.uint64,
    start: int,
    end: int,
    hashes: NDArray[np.uint64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    count: int,
) -> int:
    hashes[count] = word
    if len(starts):
        starts[count] = start
        ends[count] = end
    return count + 1
