"""MinHash sketches of shingles, and the band keys under which like texts meet.

Broder, On the resemblance and containment of documents (1997): under a random order of all shingles, two
sets have the same least one with a probability equal to their Jaccard similarity. Indyk and Motwani
(1998) cut a sketch into bands of rows, so that two texts meet when all rows of any band agree.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.shingles import Shingles
from preceptor.kernels.word_hashes import stirred

MAX_HASHES = 128
_HALF = np.uint64(32)
_BAND_MARK = np.uint64(0xA0761D6478BD642F)
NO_SHINGLE = np.uint32(0xFFFFFFFF)


class Banding(NamedTuple):
    """So many bands of so many rows; a sketch has `bands * rows` numbers."""

    bands: int
    rows: int

    def meets(self, similarity: float) -> float:
        """The probability that two texts of this similarity meet in one band or more.

        >>> round(Banding(18, 6).meets(0.8), 4)
        0.9958
        """
        return 1 - (1 - similarity**self.rows) ** self.bands


def choose_banding(threshold: float, recall: float = 0.997) -> Banding:
    """The most rows, so the fewest texts that meet in vain, with which texts at the threshold meet this often.

    >>> choose_banding(0.8), choose_banding(0.5), choose_banding(1.0)
    (Banding(bands=20, rows=6), Banding(bands=21, rows=2), Banding(bands=1, rows=16))
    """
    best = Banding(MAX_HASHES, 1)
    for rows in range(1, 17):
        missed = 1 - threshold**rows
        bands = 1 if missed <= 0 else math.ceil(math.log(1 - recall) / math.log(missed))
        if bands * rows <= MAX_HASHES:
            best = Banding(bands, rows)
    return best


def sketch_shingles(shingles: Shingles, num_hashes: int) -> NDArray[np.uint32]:
    """One row a text: the least of its shingles under each of `num_hashes` fixed orders; NO_SHINGLE where it has none.

    The share of equal numbers in two rows estimates the Jaccard similarity s of the texts with a standard
    error of sqrt(s (1 - s) / num_hashes).
    """
    factors, terms = _orders(num_hashes)
    sketches = np.full((len(shingles.offsets) - 1, num_hashes), NO_SHINGLE, np.uint32)
    _sketch(shingles.offsets, shingles.hashes, factors, terms, sketches)
    return sketches


def band_keys(sketches: NDArray[np.uint32], banding: Banding) -> NDArray[np.uint64]:
    """One row a text, one key a band: two texts meet where these are equal."""
    keys = np.empty((len(sketches), banding.bands), np.uint64)
    _band(sketches, banding.rows, keys)
    return keys


def _orders(num_hashes: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Odd factors and terms, always the same, of the orders `factor * x + term` modulo 2^32."""
    drawn = np.array([stirred(np.uint64(number + 1)) for number in range(2 * num_hashes)], np.uint64)
    low = (drawn & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return low[:num_hashes] | np.uint32(1), low[num_hashes:]


@njit(nogil=True, cache=True)
def _sketch(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    factors: NDArray[np.uint32],
    terms: NDArray[np.uint32],
    sketches: NDArray[np.uint32],
) -> None:
    for row in range(len(offsets) - 1):
        least = sketches[row]
        for place in range(offsets[row], offsets[row + 1]):
            shingle = np.uint32(hashes[place] >> _HALF)
            for number in range(len(factors)):
                value = np.uint32(factors[number] * shingle + terms[number])
                least[number] = min(least[number], value)


@njit(nogil=True, cache=True)
def _band(sketches: NDArray[np.uint32], rows: int, keys: NDArray[np.uint64]) -> None:
    for text in range(len(keys)):
        for band in range(keys.shape[1]):
            key = np.uint64(band + 1) * _BAND_MARK
            for row in range(band * rows, (band + 1) * rows):
                key = stirred(key ^ np.uint64(sketches[text, row]))
            keys[text, band] = key
