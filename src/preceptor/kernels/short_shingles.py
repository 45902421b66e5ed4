"""Shingles of characters for texts too short to have one of words, so that no text but an empty one is without any."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.character_classes import NO_WORD, SPACE, CharacterClasses
from preceptor.kernels.ngram_hash import BASE
from preceptor.kernels.normal_rows import WHOLE, character_at, normal_rows
from preceptor.kernels.word_hashes import stirred

NUM_CHARACTERS = 5
_BETWEEN = np.uint64(ord(" "))
WORDS = 0
ALL = 1


class ShortShingles(NamedTuple):
    """Those of short text `i` are `hashes[offsets[i]:offsets[i + 1]]`."""

    offsets: NDArray[np.int64]
    hashes: NDArray[np.uint64]


def short_shingles(texts: pa.LargeStringArray, rows: NDArray[np.int64], num_placed: NDArray[np.int64]) -> ShortShingles:
    """Of each text at `rows`, every run of five characters of its words with one space between them.

    A text of fewer characters has one shingle, all of them, and so has one whose parts are told
    apart by their place: so little text is only like its equal. Where there is no word, every
    character but white space counts, and where there is none there is no shingle.
    """
    if not len(rows):
        return ShortShingles(np.zeros(1, np.int64), np.empty(0, np.uint64))
    short = normal_rows(texts.take(pa.array(rows)))
    room = int(short.texts.offsets[-1] - short.texts.offsets[0])
    offsets, hashes = np.zeros(len(rows) + 1, np.int64), np.empty(room + len(rows), np.uint64)
    is_whole = num_placed[rows] > 0
    _shingle(short.texts.offsets, short.texts.values, short.needs, short.tables, is_whole, offsets, hashes)
    return ShortShingles(offsets, hashes[: offsets[-1]])


@njit(nogil=True, cache=True)
def _shingle(
    text_offsets: NDArray[np.int64],
    values: NDArray[np.uint8],
    needs: NDArray[np.uint8],
    tables: CharacterClasses,
    is_whole: NDArray[np.bool_],
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
) -> None:
    count = 0
    for row in range(len(needs)):
        text = values[text_offsets[row] : text_offsets[row + 1]]
        is_normal = needs[row] == WHOLE
        kept = _characters(text, is_normal, tables, WORDS)
        if not len(kept):
            kept = _characters(text, is_normal, tables, ALL)
        size = len(kept) if is_whole[row] else NUM_CHARACTERS
        for start in range(max(1, len(kept) - size + 1) if len(kept) else 0):
            run = np.uint64(len(kept[start : start + size]))
            for one in kept[start : start + size]:
                run = run * BASE + one
            hashes[count] = stirred(run)
            count += 1
        offsets[row + 1] = count


@njit(nogil=True, cache=True)
def _characters(text: NDArray[np.uint8], is_normal: bool, tables: CharacterClasses, which: int) -> NDArray[np.uint64]:
    """The folded characters: of words with one space between, or all but white space; NUL keeps parts apart."""
    kept, count, place, is_apart = np.empty(2 * len(text), np.uint64), 0, 0, False
    while place < len(text):
        code, place = character_at(text, place)
        kind = tables.classes[code]
        if kind == SPACE or (which == WORDS and kind == NO_WORD and code != 0):
            is_apart = which == WORDS
            continue
        if code == 0:
            is_apart = True
            continue
        if is_apart and count:
            kept[count] = _BETWEEN
            count += 1
        is_apart = False
        kept[count] = np.uint64(code if is_normal else tables.folded[code])
        count += 1
    return kept[:count]
