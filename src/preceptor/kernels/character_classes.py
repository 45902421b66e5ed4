"""What the compiled loops must know of each Unicode character: what it folds to, and whether it is part of a word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NO_WORD = 0
WORD = 1
# Chinese and Japanese put no spaces between words, so each of their characters is one.
WHOLE_WORD = 2
SPACE = 3
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORDS = re.compile(r"\w+")
_WHOLE_WORDS = re.compile(f"[{_UNSPACED}]+")
NUM_CHARACTERS = 0x110000
# Above stand rare ideographs: their texts take the slower way.
NUM_FOLDED = 0x20000
NOT_ALONE = -1
_HANGUL_PARTS = ((0x1161, 0x1176), (0x11A8, 0x11C3))


class CharacterClasses(NamedTuple):
    """`classes` by code point; `folded` is the one character that it becomes, or NOT_ALONE.

    NOT_ALONE are those that become several, or that may join with their neighbours: a text that
    holds one must be normalised as a whole.
    """

    classes: NDArray[np.uint8]
    folded: NDArray[np.int32]


@lru_cache(maxsize=1)
def character_classes() -> CharacterClasses:
    """The tables of this Python's Unicode version; made once, in about a tenth of a second.

    >>> made = character_classes()
    >>> chr(made.folded[ord("É")]), int(made.folded[ord("ﬁ")]), int(made.classes[ord("退")])
    ('é', -1, 2)
    """
    return CharacterClasses(_classes(), _folded())


def ascii_classes() -> CharacterClasses:
    """The first 128 rows of the tables, which cost nothing to make."""
    letters = [chr(code) for code in range(128)]
    classes = [WORD if one.isalnum() or one == "_" else SPACE if one.isspace() else NO_WORD for one in letters]
    return CharacterClasses(np.array(classes, np.uint8), np.array([ord(one.lower()) for one in letters], np.int32))


def _classes() -> NDArray[np.uint8]:
    codes = np.arange(NUM_CHARACTERS, dtype="<u4")
    # A surrogate cannot stand in UTF-8, so any other character that is in no word may take its place.
    codes[0xD800:0xE000] = 0xE000
    everything = codes.tobytes().decode("utf-32-le")
    classes = np.zeros(NUM_CHARACTERS, np.uint8)
    for pattern, number in ((_WORDS, WORD), (_WHOLE_WORDS, WHOLE_WORD)):
        for found in pattern.finditer(everything):
            classes[found.start() : found.end()] = number
    spaces = [code for code in range(NUM_FOLDED) if everything[code].isspace()]
    classes[spaces] = SPACE
    return classes


def _folded() -> NDArray[np.int32]:
    folded = np.full(NUM_FOLDED, NOT_ALONE, np.int32)
    joins = _joins_before()
    for code in range(NUM_FOLDED):
        character = chr(code)
        if unicodedata.combining(character) or code in joins or not unicodedata.is_normalized("NFKC", character):
            continue
        fold = character.casefold()
        if len(fold) == 1:
            folded[code] = ord(fold)
    return folded


def _joins_before() -> set[int]:
    """Characters that can become one with what stands before them."""
    joins = {code for start, end in _HANGUL_PARTS for code in range(start, end)}
    for code in range(NUM_FOLDED):
        parts = unicodedata.decomposition(chr(code)).split()
        if parts and not parts[0].startswith("<"):
            joins.update(int(part, 16) for part in parts[1:])
    return joins
