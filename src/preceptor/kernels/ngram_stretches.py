"""Where the runs that a text shares with an indexed text stand in both: as long stretches of words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.ngram_hash import BASE, base_power
from preceptor.kernels.ngram_overlap import FIRST_ROOM
from preceptor.kernels.ngram_table import RunTable, run_number
from preceptor.kernels.word_hashes import PART_END, WordHashes, stirred


class Stretches(NamedTuple):
    """Runs that follow each other in both texts, `num_runs` of them, in order of `rows`.

    The first begins at the word `places` of the text (marks of a part's end count as words) and at
    the word `starts` of the indexed text `holders`.
    """

    rows: NDArray[np.int64]
    holders: NDArray[np.int64]
    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    num_runs: NDArray[np.int64]


class Pairs(NamedTuple):
    """Texts and the indexed texts to compare them with, in order of `rows`."""

    rows: NDArray[np.int64]
    holders: NDArray[np.int64]


def shared_stretches(
    words: WordHashes, num_words: int, table: RunTable, run_starts: NDArray[np.int32], pairs: Pairs
) -> Stretches:
    """The stretches of these pairs; `run_starts` are the words at which the table's holders have each run."""
    return Stretches(*_stretches(words.offsets, words.hashes, num_words, table, run_starts, pairs).T)


@njit(nogil=True, cache=True)
def _stretches(
    offsets: NDArray[np.int64],
    words: NDArray[np.uint64],
    num_words: int,
    table: RunTable,
    run_starts: NDArray[np.int32],
    pairs: Pairs,
) -> NDArray[np.int64]:
    found, num_found = np.empty((FIRST_ROOM, 5), np.int64), 0
    # The newest stretch of each holder in this row: -1 before the first, -2 where it is not asked for.
    newest = np.full(len(table.sizes), -2, np.int64)
    leaving = base_power(num_words)
    begin = 0
    while begin < len(pairs.rows):
        row, end = pairs.rows[begin], begin
        while end < len(pairs.rows) and pairs.rows[end] == row:
            newest[pairs.holders[end]] = -1
            end += 1
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
                if number >= 0:
                    first = place - offsets[row] - num_words + 1
                    found, num_found = _extend(row, first, number, table, run_starts, newest, found, num_found)
        newest[pairs.holders[begin:end]] = -2
        begin = end
    return found[:num_found]


@njit(nogil=True, cache=True)
def _extend(
    row: int,
    first: int,
    number: int,
    table: RunTable,
    run_starts: NDArray[np.int32],
    newest: NDArray[np.int64],
    found: NDArray[np.int64],
    num_found: int,
) -> tuple[NDArray[np.int64], int]:
    """Make the stretch of each holder one run longer, or begin a new one."""
    for at in range(table.offsets[number], table.offsets[number + 1]):
        holder, start = table.holders[at], run_starts[at]
        last = newest[holder]
        if last == -2:  # noqa: PLR2004 - not asked for, see above
            continue
        if last >= 0 and found[last, 2] + found[last, 4] == first and found[last, 3] + found[last, 4] == start:
            found[last, 4] += 1
            continue
        if num_found == len(found):
            wider = np.empty((2 * num_found, 5), np.int64)
            wider[:num_found] = found
            found = wider
        found[num_found, 0], found[num_found, 1] = row, holder
        found[num_found, 2], found[num_found, 3], found[num_found, 4] = first, start, 1
        newest[holder] = num_found
        num_found += 1
    return found, num_found
