"""Texts ready for the compiled loops: those that no table of single characters can normalise are normalised here."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.arrow_text import TextBytes, text_bytes
from preceptor.kernels.character_classes import NUM_FOLDED, CharacterClasses, ascii_classes, character_classes

# What a text needs: a table of 128 rows, the whole table, or a normalisation as a whole.
ASCII = 0
SINGLE = 1
WHOLE = 2
# In UTF-8 the first byte says how many follow; from these on it is two, three and four.
_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES = 0x80, 0xE0, 0xF0
_BYTE_BITS = np.int64(0x3F)


class NormalRows(NamedTuple):
    """`needs` says of each text whether its characters fold one by one (ASCII, SINGLE) or were folded here (WHOLE)."""

    texts: TextBytes
    needs: NDArray[np.uint8]
    tables: CharacterClasses


def normal_rows(texts: pa.LargeStringArray) -> NormalRows:
    """The texts, with those that need it normalised as a whole (NFKC, no capitals)."""
    found = text_bytes(texts)
    needs = np.zeros(len(texts), np.uint8)
    if _all_ascii(found.values[found.offsets[0] : found.offsets[-1]]):
        return NormalRows(found, needs, ascii_classes())
    tables = character_classes()
    _mark_needs(found.offsets, found.values, tables.folded, needs)
    rows = np.flatnonzero(needs == WHOLE)
    if len(rows):
        normal = [
            unicodedata.normalize("NFKC", text or "").casefold() for text in texts.take(pa.array(rows)).to_pylist()
        ]
        found = text_bytes(pa.array(_replaced(texts, rows, normal), pa.large_string()))
    return NormalRows(found, needs, tables)


def _replaced(texts: pa.LargeStringArray, rows: NDArray[np.int64], normal: list[str]) -> list[str]:
    whole: list[str] = texts.to_pylist()
    for row, text in zip(rows.tolist(), normal, strict=True):
        whole[row] = text
    return whole


@njit(nogil=True, cache=True)
def _all_ascii(values: NDArray[np.uint8]) -> bool:
    bits = np.uint8(0)
    for value in values:
        bits |= value
    return bool(bits < np.uint8(128))


@njit(nogil=True, cache=True)
def character_at(values: NDArray[np.uint8], place: int) -> tuple[np.int64, int]:
    """The code point of the UTF-8 that begins at `place`, and where the next one begins."""
    first = np.int64(values[place])
    if first < _TWO_BYTES:
        return first, place + 1
    second = np.int64(values[place + 1]) & _BYTE_BITS
    if first < _THREE_BYTES:
        return ((first & np.int64(0x1F)) << 6) | second, place + 2
    third = np.int64(values[place + 2]) & _BYTE_BITS
    if first < _FOUR_BYTES:
        return ((first & np.int64(0x0F)) << 12) | (second << 6) | third, place + 3
    fourth = np.int64(values[place + 3]) & _BYTE_BITS
    return ((first & np.int64(0x07)) << 18) | (second << 12) | (third << 6) | fourth, place + 4


@njit(nogil=True, cache=True)
def _mark_needs(
    offsets: NDArray[np.int64], values: NDArray[np.uint8], folded: NDArray[np.int32], needs: NDArray[np.uint8]
) -> None:
    for row in range(len(offsets) - 1):
        place, end = offsets[row], offsets[row + 1]
        while place < end:
            if values[place] < np.uint8(128):
                place += 1
                continue
            needs[row] = SINGLE
            code, place = character_at(values, place)
            if code >= NUM_FOLDED or folded[code] < 0:
                needs[row] = WHOLE
                break
