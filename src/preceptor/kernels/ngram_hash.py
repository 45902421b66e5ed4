"""How a run of words is hashed: a polynomial of its words' hashes, which rolls from word to word."""

from __future__ import annotations

import numpy as np
from numba import njit

# Odd, with well spread bits (Knuth's multiplier: 2^64 divided by the golden ratio).
BASE = np.uint64(0x9E3779B97F4A7C15)


@njit(nogil=True, cache=True)
def base_power(exponent: int) -> np.uint64:
    """BASE multiplied with itself, modulo 2^64: the weight of the word that leaves a run.

    >>> int(base_power(0)), int(base_power(3)) == int(BASE) ** 3 % 2**64
    (1, True)
    """
    power = np.uint64(1)
    for _ in range(exponent):
        power *= BASE
    return power
