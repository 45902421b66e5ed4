"""For each of some sets, the most like member of an index among those that it meets there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.jaccard import least_shared, num_shared
from preceptor.kernels.shingles import Shingles


class Ranges(NamedTuple):
    """Set `rows[i]` meets the members in `members[first[i]:last[i]]`."""

    rows: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    members: NDArray[np.int32]


class MostLike(NamedTuple):
    """For each of `rows`, ascending, the most like member, of equals the first, and how like the two are."""

    rows: NDArray[np.int64]
    members: NDArray[np.int64]
    scores: NDArray[np.float64]


def most_like(ranges: Ranges, sets: Shingles, indexed: Shingles, threshold: float) -> MostLike:
    """The rows that are like a member, by exact comparison; each pair is compared once."""
    num_rows, num_indexed = len(sets.offsets) - 1, len(indexed.offsets) - 1
    members, scores = np.full(num_rows, -1, np.int64), np.zeros(num_rows, np.float64)
    order = np.argsort(ranges.rows, kind="stable")
    by_row = Ranges(ranges.rows[order], ranges.first[order], ranges.last[order], ranges.members)
    _compare(by_row, sets, indexed, threshold, np.full(num_indexed, -1, np.int32), members, scores)
    found = np.flatnonzero(members >= 0)
    return MostLike(found, members[found], scores[found])


@njit(nogil=True, cache=True)
def _compare(
    ranges: Ranges,
    sets: Shingles,
    indexed: Shingles,
    threshold: float,
    seen: NDArray[np.int32],
    best: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> None:
    rows, first, last, members = ranges.rows, ranges.first, ranges.last, ranges.members
    offsets, hashes, own_offsets, own_hashes = sets.offsets, sets.hashes, indexed.offsets, indexed.hashes
    for place in range(len(rows)):
        row = rows[place]
        one = hashes[offsets[row] : offsets[row + 1]]
        for at in range(first[place], last[place]):
            member = members[at]
            if seen[member] == row:
                continue
            seen[member] = row
            size = own_offsets[member + 1] - own_offsets[member]
            least = least_shared(len(one), size, threshold)
            if least > min(len(one), size):
                continue
            shared = num_shared(one, own_hashes[own_offsets[member] : own_offsets[member + 1]], least)
            if shared < 0:
                continue
            score = shared / (len(one) + size - shared)
            if score > scores[row] or (score == scores[row] and member < best[row]):
                best[row], scores[row] = member, score
