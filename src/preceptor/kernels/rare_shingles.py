"""The rarest shingles of each set, one of which two like sets must share.

Chaudhuri, Ganti and Kaushik (2006) and Bayardo, Ma and Srikant (2007): put every set in one order of all
shingles, the rarest first. Two sets of similarity t or more then share one of their first n - ceil(t n) + 1.
Texts that have a long boilerplate in common and little else meet in many bands but share none of these.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.shingles import Shingles

_COUNTER_BITS = 22
_SHIFT = np.uint64(64 - _COUNTER_BITS)


class RareShingles(NamedTuple):
    """Each of `hashes` is a rare shingle of the set in the same place of `rows`."""

    rows: NDArray[np.int64]
    hashes: NDArray[np.uint64]


def count_shingles(sets: Shingles, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """How often each shingle stands in these sets, in counters of which a few are shared."""
    counts = np.zeros(1 << _COUNTER_BITS, np.int32)
    _count(sets.offsets, sets.hashes, rows, counts)
    return counts


def rare_shingles(sets: Shingles, rows: NDArray[np.int64], counts: NDArray[np.int32], threshold: float) -> RareShingles:
    """The rarest shingles of each of these sets by `counts`, which must be the same for all that shall meet."""
    sizes = sets.offsets[rows + 1] - sets.offsets[rows]
    firsts = np.where(sizes > 0, sizes - np.ceil(threshold * sizes - 1e-9).astype(np.int64) + 1, 0)
    hashes = np.empty(int(firsts.sum()), np.uint64)
    _pick(sets.offsets, sets.hashes, rows, firsts, counts, hashes)
    return RareShingles(np.repeat(rows, firsts), hashes)


@njit(nogil=True, cache=True)
def _count(
    offsets: NDArray[np.int64], hashes: NDArray[np.uint64], rows: NDArray[np.int64], counts: NDArray[np.int32]
) -> None:
    for row in rows:
        for place in range(offsets[row], offsets[row + 1]):
            counts[hashes[place] >> _SHIFT] += 1


@njit(nogil=True, cache=True)
def _pick(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    rows: NDArray[np.int64],
    firsts: NDArray[np.int64],
    counts: NDArray[np.int32],
    picked: NDArray[np.uint64],
) -> None:
    count = 0
    for number in range(len(rows)):
        own = hashes[offsets[rows[number]] : offsets[rows[number] + 1]]
        often = np.empty(len(own), np.int64)
        for place in range(len(own)):
            often[place] = counts[own[place] >> _SHIFT]
        # Equally rare ones stay in order of their hashes, because the sort is stable.
        order = np.argsort(often, kind="mergesort")
        for place in order[: firsts[number]]:
            picked[count] = own[place]
            count += 1
