"""Which of many sets are kept: each that is not like a kept one, in a given order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from preceptor.kernels.jaccard import least_shared, num_shared
from preceptor.kernels.shingles import Shingles

KEPT = -1


class Meetings(NamedTuple):
    """The groups in which set `i` meets others are `groups[offsets[i]:offsets[i + 1]]`, numbered from 0."""

    offsets: NDArray[np.int64]
    groups: NDArray[np.int32]


class Choice(NamedTuple):
    """For each set the kept one that it is most like, or KEPT, and how like, from 0 to 1.

    The other arrays remember who is kept between two calls: `last` holds the last kept member of each
    group, as a place in `Meetings.groups`, `before` the one before each, `owners` whose place it is.
    """

    partners: NDArray[np.int64]
    scores: NDArray[np.float64]
    last: NDArray[np.int64]
    before: NDArray[np.int64]
    owners: NDArray[np.int64]


def open_choice(meetings: Meetings, num_groups: int) -> Choice:
    """Nothing is chosen yet."""
    num_sets, num_places = len(meetings.offsets) - 1, len(meetings.groups)
    return Choice(
        np.full(num_sets, KEPT, np.int64),
        np.zeros(num_sets, np.float64),
        np.full(num_groups, -1, np.int64),
        np.full(num_places, -1, np.int64),
        np.repeat(np.arange(num_sets), np.diff(meetings.offsets)),
    )


@njit(nogil=True, cache=True)
def choose(order: NDArray[np.int64], sets: Shingles, meetings: Meetings, threshold: float, choice: Choice) -> int:
    """Go on with the sets of `order`; how many pairs were compared.

    A set is compared with the kept ones that it meets, and only with those, so time grows with the sets
    and not with the square of a cluster. It is removed for the most like of them; of equals, for the lowest row.
    """
    offsets, hashes, places, groups = sets.offsets, sets.hashes, meetings.offsets, meetings.groups
    partners, scores, last, before, owners = (
        choice.partners,
        choice.scores,
        choice.last,
        choice.before,
        choice.owners,
    )
    seen = np.full(len(partners), -1, np.int64)
    num_compared = 0
    for one in order:
        own = hashes[offsets[one] : offsets[one + 1]]
        for place in range(places[one], places[one + 1]):
            at = last[groups[place]]
            while at >= 0:
                other = owners[at]
                at = before[at]
                if seen[other] == one:
                    continue
                seen[other] = one
                size = offsets[other + 1] - offsets[other]
                least = least_shared(len(own), size, threshold)
                if least > min(len(own), size):
                    continue
                num_compared += 1
                shared = num_shared(own, hashes[offsets[other] : offsets[other + 1]], least)
                if shared < 0:
                    continue
                score = shared / (len(own) + size - shared)
                if score > scores[one] or (score == scores[one] and other < partners[one]):
                    partners[one], scores[one] = other, score
        if partners[one] == KEPT:
            for place in range(places[one], places[one + 1]):
                before[place] = last[groups[place]]
                last[groups[place]] = place
    return num_compared
