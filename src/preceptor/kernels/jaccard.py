"""The exact Jaccard similarity of two sorted sets of shingles."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.shingles import Shingles


@njit(nogil=True, cache=True)
def least_shared(size: int, other: int, threshold: float) -> int:
    """How many elements two sets of these sizes must share to reach the threshold."""
    # The small step back keeps a pair that lies exactly on the threshold.
    return math.ceil(threshold * (size + other) / (1 + threshold) - 1e-9)


@njit(nogil=True, cache=True)
def num_shared(one: NDArray[np.uint64], other: NDArray[np.uint64], least: int) -> int:
    """The number of equal elements of two sorted sets; -1, found early, where it is below `least`."""
    left, right, shared = 0, 0, 0
    spare_left, spare_right = len(one) - least, len(other) - least
    while left < len(one) and right < len(other):
        a, b = one[left], other[right]
        left += a <= b
        right += b <= a
        shared += a == b
        if left - shared > spare_left or right - shared > spare_right:
            return -1
    return shared if shared >= least else -1


@njit(nogil=True, cache=True)
def _pair_scores(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> None:
    for pair in range(len(left)):
        one = hashes[offsets[left[pair]] : offsets[left[pair] + 1]]
        other = hashes[offsets[right[pair]] : offsets[right[pair] + 1]]
        shared = num_shared(one, other, 0)
        total = len(one) + len(other) - shared
        scores[pair] = shared / total if total else 0.0


def pair_scores(sets: Shingles, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """The similarity of each pair of rows, from 0 to 1; two empty sets have nothing in common.

    >>> sets = Shingles(np.array([0, 3, 6]), np.array([1, 2, 3, 2, 3, 4], np.uint64))
    >>> pair_scores(sets, np.array([0]), np.array([1])).tolist()
    [0.5]
    """
    scores = np.empty(len(left), np.float64)
    _pair_scores(sets.offsets, sets.hashes, left, right, scores)
    return scores
