"""How many runs of words of each indexed text stand in each of many texts: one rolling pass over their words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.ngram_hash import BASE, base_power
from preceptor.kernels.ngram_table import RunTable, run_number
from preceptor.kernels.word_hashes import PART_END, stirred

FIRST_ROOM = 256


class SharedRuns(NamedTuple):
    """Pairs of a text and an indexed text that share runs, in order of `rows`; `counts` are different runs."""

    rows: NDArray[np.int64]
    holders: NDArray[np.int64]
    counts: NDArray[np.int64]


def shared_runs(
    offsets: NDArray[np.int64], words: NDArray[np.uint64], num_words: int, table: RunTable, min_share: float
) -> SharedRuns:
    """The pairs in which at least `min_share` of the indexed text's runs stand in one of the texts.

    `words[offsets[i]:offsets[i + 1]]` are the hashes of the words of text `i`, with PART_END between
    its parts: no run crosses one. Equal hashes are taken for equal runs; compare the words themselves
    before anything is said of a record. Time grows with the words; memory with the indexed runs.
    """
    found = _scan(offsets, words, num_words, table, min_share)
    return SharedRuns(found[:, 0], found[:, 1], found[:, 2])


@njit(nogil=True, cache=True)
def _scan(
    offsets: NDArray[np.int64], words: NDArray[np.uint64], num_words: int, table: RunTable, min_share: float
) -> NDArray[np.int64]:
    found, num_found = np.empty((FIRST_ROOM, 3), np.int64), 0
    seen_in = np.full(len(table.offsets) - 1, -1, np.int32)
    counts = np.zeros(len(table.sizes), np.int64)
    touched = np.empty(len(table.sizes), np.int64)
    leaving = base_power(num_words)
    for row in range(len(offsets) - 1):
        num_touched = 0
        run, length = np.uint64(0), 0
        for place in range(offsets[row], offsets[row + 1]):
            if words[place] == PART_END:
                run, length = np.uint64(0), 0
                continue
            run = run * BASE + words[place]
            if length == num_words:
                run -= words[place - num_words] * leaving
            else:
                length += 1
            if length == num_words:
                number = run_number(stirred(run), table.marks, table.keys, table.numbers)
                if number >= 0 and seen_in[number] != row:
                    seen_in[number] = row
                    num_touched = _count(number, table, counts, touched, num_touched)
        if num_found + num_touched > len(found):
            found = _with_room(found, num_found, num_touched)
        num_found = _take(row, touched[:num_touched], counts, table.sizes, min_share, found, num_found)
    return found[:num_found]


@njit(nogil=True, cache=True)
def _count(
    number: int, table: RunTable, counts: NDArray[np.int64], touched: NDArray[np.int64], num_touched: int
) -> int:
    """One more for each holder of the run; how many holders this row has touched so far."""
    for at in range(table.offsets[number], table.offsets[number + 1]):
        holder = table.holders[at]
        if counts[holder] == 0:
            touched[num_touched] = holder
            num_touched += 1
        counts[holder] += 1
    return num_touched


@njit(nogil=True, cache=True)
def _take(
    row: int,
    touched: NDArray[np.int64],
    counts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    min_share: float,
    found: NDArray[np.int64],
    num_found: int,
) -> int:
    """Write down the holders with enough of their runs in this row, and set all counts back to 0."""
    for holder in touched:
        if counts[holder] / sizes[holder] >= min_share:
            found[num_found, 0] = row
            found[num_found, 1] = holder
            found[num_found, 2] = counts[holder]
            num_found += 1
        counts[holder] = 0
    return num_found


@njit(nogil=True, cache=True)
def _with_room(found: NDArray[np.int64], num_found: int, more: int) -> NDArray[np.int64]:
    wider = np.empty((2 * (num_found + more), 3), np.int64)
    wider[:num_found] = found[:num_found]
    return wider
