"""Two keys of each of many texts in one pass: of what it says, and of the template that it may be filled in from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.arrow_text import TextBytes
from preceptor.kernels.character_classes import SPACE, CharacterClasses
from preceptor.kernels.normal_rows import ASCII, WHOLE, character_at, normal_rows

_START = np.uint64(0xCBF29CE484222325)
_STEP = np.uint64(0x100000001B3)
_FIRST = np.uint64(0xFF51AFD7ED558CCD)
_SECOND = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_GAP = np.uint64(32)
# Stands for a run of words that may differ: no character has this number.
_MASK = np.uint64(0x110000)
_ZERO, _NINE = 48, 57


class TextKeys(NamedTuple):
    """By text: `texts` are equal where the normalised texts are, `templates` where the templates are.

    `num_words` of a text stand in its template.
    """

    texts: NDArray[np.uint64]
    templates: NDArray[np.uint64]
    num_words: NDArray[np.int32]


def text_keys(texts: pa.LargeStringArray) -> TextKeys:
    """The keys of each text, the same on any machine.

    In a template each run of words with a capital or a digit, names and numbers, is one mark. Words are
    parted by white space. Of a text that must be normalised as a whole (NFKC) only digits are seen.

    >>> found = text_keys(pa.array(["Refund  order 12", "refund order 7", "Refund order 7"], pa.large_string()))
    >>> len(set(found.texts.tolist())), len(set(found.templates.tolist())), found.num_words.tolist()
    (2, 2, [1, 2, 1])
    """
    rows = normal_rows(texts)
    keys = TextKeys(np.empty(len(texts), np.uint64), np.empty(len(texts), np.uint64), np.empty(len(texts), np.int32))
    _fill(rows.texts, rows.needs, rows.tables, keys)
    return keys


@njit(nogil=True, cache=True)
def _fill(texts: TextBytes, needs: NDArray[np.uint8], tables: CharacterClasses, keys: TextKeys) -> None:
    for row in range(len(texts.offsets) - 1):
        values = texts.values[texts.offsets[row] : texts.offsets[row + 1]]
        _fill_row(values, needs[row], tables, keys, row)


@njit(nogil=True, cache=True)
def _fill_row(values: NDArray[np.uint8], need: int, tables: CharacterClasses, keys: TextKeys, row: int) -> None:
    text, template = _START, _START
    # The word that is being read: its own hash, whether it may differ; and whether the word before may.
    word, is_word, is_named, was_named = _START, False, False, False
    place, count = 0, 0
    while place <= len(values):
        code, kind = np.int64(32), SPACE
        if place == len(values):
            place += 1
        elif need == ASCII:
            code, place = np.int64(values[place]), place + 1
            kind = tables.classes[code]
        else:
            code, place = character_at(values, place)
            kind = tables.classes[code]
        if kind != SPACE:
            small = code if need == WHOLE else np.int64(tables.folded[code])
            is_named = bool(is_named or small != code or _ZERO <= code <= _NINE)
            word = (word ^ np.uint64(small)) * _STEP
            is_word = True
        elif is_word:
            word = _stirred(word)
            text = (text ^ word) * _STEP
            if not is_named:
                template, count = (template ^ word) * _STEP, count + 1
            elif not was_named:
                template = (template ^ _MASK) * _STEP
            was_named, is_named, is_word, word = is_named, False, False, _START
    keys.texts[row], keys.templates[row], keys.num_words[row] = _stirred(text), _stirred(template ^ _GAP), count


@njit(nogil=True, cache=True)
def _stirred(value: np.uint64) -> np.uint64:
    """The value with all bits mixed (MurmurHash3's finaliser)."""
    value ^= value >> _SHIFT
    value *= _FIRST
    value ^= value >> _SHIFT
    value *= _SECOND
    value ^= value >> _SHIFT
    return value
