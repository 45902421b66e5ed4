"""Which of many keys may stand more than once: all that do, and a few that do not."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.ngram_hash import BASE

SLOTS_A_KEY = 8
MAX_BITS = 26


def may_be_shared(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """True for every key that stands again, and for about one in eight of the others; keys are hashes.

    So only these need be sorted. Takes 8 to 16 bytes a key, and 64 MB at most, from where more of the others are
    let through.

    >>> may_be_shared(np.array([1 << 60, 5, 1 << 60], np.uint64)).tolist()
    [True, False, True]
    """
    bits = min(MAX_BITS, max(1, (SLOTS_A_KEY * len(keys)).bit_length()))
    return _shared(keys, np.uint64(64 - bits), np.zeros(1 << bits, np.uint8))


@njit(nogil=True, cache=True)
def _shared(keys: NDArray[np.uint64], shift: np.uint64, seen: NDArray[np.uint8]) -> NDArray[np.bool_]:
    for key in keys:
        slot = (key * BASE) >> shift
        seen[slot] = min(seen[slot] + 1, 2)
    shared = np.empty(len(keys), np.bool_)
    for place in range(len(keys)):
        shared[place] = seen[(keys[place] * BASE) >> shift] > 1
    return shared
