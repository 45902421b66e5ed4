"""Runs of words by hash, and the texts that hold each, as flat arrays for a compiled scan."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

MIN_SLOTS = 16
# The marks are picked by the high half of a hash, the slots by the low half.
_MARK_SHIFT = np.uint64(32)
_WORD_SHIFT = np.uint64(6)
_WORD_MASK = np.uint64(63)


class RunTable(NamedTuple):
    """An open-addressing hash table: run number by hash, then the holders of each run.

    `keys` (0 is an empty slot) and `numbers` are the slots, a power of two of them, at most half
    full. `holders[offsets[r]:offsets[r + 1]]` are the texts that hold run `r`. `sizes` says how
    many runs each text has. `marks` has one bit set for each key, eight bits a slot: it fits in a nearer
    cache than the keys and answers for most runs that no text holds.
    """

    marks: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    numbers: NDArray[np.int32]
    offsets: NDArray[np.int64]
    holders: NDArray[np.int32]
    sizes: NDArray[np.int64]

    @property
    def num_runs(self) -> int:
        """How many different runs there are."""
        return len(self.offsets) - 1


def make_table(hashes: NDArray[np.uint64], texts: NDArray[np.int32], num_texts: int) -> RunTable:
    """The table over (run hash, text) pairs, each pair once.

    >>> table = make_table(np.array([7, 7, 9], np.uint64), np.array([0, 1, 1], np.int32), 2)
    >>> table.num_runs, table.holders.tolist(), table.sizes.tolist()
    (2, [0, 1, 1], [1, 2])
    """
    order = np.lexsort((texts, hashes))
    sorted_hashes, holders = hashes[order], texts[order]
    runs, starts = np.unique(sorted_hashes, return_index=True)
    offsets = np.append(starts, len(sorted_hashes)).astype(np.int64)
    num_slots = MIN_SLOTS
    while num_slots < 2 * len(runs):
        num_slots *= 2
    marks = np.zeros(num_slots // 8, np.uint64)
    keys, numbers = np.zeros(num_slots, np.uint64), np.zeros(num_slots, np.int32)
    _fill(runs, marks, keys, numbers)
    sizes = np.bincount(holders, minlength=num_texts).astype(np.int64)
    return RunTable(marks, keys, numbers, offsets, holders.astype(np.int32), sizes)


@njit(nogil=True, cache=True)
def run_number(key: np.uint64, marks: NDArray[np.uint64], keys: NDArray[np.uint64], numbers: NDArray[np.int32]) -> int:
    """The number of the run with this hash; -1 when no text holds it."""
    bit = key >> _MARK_SHIFT
    if not (marks[(bit >> _WORD_SHIFT) & np.uint64(len(marks) - 1)] >> (bit & _WORD_MASK)) & np.uint64(1):
        return -1
    last = np.uint64(len(keys) - 1)
    slot = key & last
    while keys[slot] != np.uint64(0):
        if keys[slot] == key:
            return int(numbers[slot])
        slot = (slot + np.uint64(1)) & last
    return -1


@njit(nogil=True, cache=True)
def _fill(
    runs: NDArray[np.uint64], marks: NDArray[np.uint64], keys: NDArray[np.uint64], numbers: NDArray[np.int32]
) -> None:
    last = np.uint64(len(keys) - 1)
    for number in range(len(runs)):
        key = runs[number]
        bit = key >> _MARK_SHIFT
        marks[(bit >> _WORD_SHIFT) & np.uint64(len(marks) - 1)] |= np.uint64(1) << (bit & _WORD_MASK)
        slot = key & last
        while keys[slot] != np.uint64(0):
            slot = (slot + np.uint64(1)) & last
        keys[slot] = key
        numbers[slot] = number
