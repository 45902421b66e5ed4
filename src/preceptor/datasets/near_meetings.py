"""Which records meet: those with an equal key, and in a crowd those with an equal rare shingle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.datasets.check import Gathered
from preceptor.kernels.keep_best import Meetings
from preceptor.kernels.rare_shingles import count_shingles, rare_shingles
from preceptor.kernels.shared_keys import may_be_shared
from preceptor.kernels.shingles import Shingles

# More than this many different texts under one key have some boilerplate in common, and meet another way.
MAX_GROUP = 500
ROWS_AT_ONCE = 20_000
NUM_PASSES = 16
_PASS_SHIFT = np.uint64(60)


class Places(NamedTuple):
    """Member `members[i]` (an ordinal, or a row) belongs to group `groups[i]`; groups are numbered from 0."""

    members: NDArray[np.int64]
    groups: NDArray[np.int32]
    num_groups: int


def equal_keys(gathered: Gathered) -> Places:
    """Records that share a key with another, one part of the keys in memory at a time."""
    return _joined(group_by_key(*_columns(part)) for part in gathered.parts(by="bucket"))


def as_rows(places: Places, ordinals: NDArray[np.int64], leads: NDArray[np.bool_]) -> Places:
    """The same by row of the sorted `ordinals`, for the rows that lead; groups left with one member are gone."""
    rows = np.searchsorted(ordinals, places.members)
    rows[rows == len(ordinals)] = 0
    is_in = (ordinals[rows] == places.members) & leads[rows] if len(ordinals) else np.zeros(len(rows), bool)
    return _without_lone(rows[is_in], places.groups[is_in], places.num_groups)


def without_crowds(places: Places, sets: Shingles, threshold: float) -> Places:
    """The same, in which members of a crowd meet by their rare shingles instead: like ones are sure to.

    Crowds come from long boilerplate, such as one system prompt in every record. Their members meet in many
    bands, and to compare all of them with each other would take the square of their number.
    """
    sizes = np.bincount(places.groups, minlength=places.num_groups)
    is_crowd = sizes[places.groups] > MAX_GROUP
    if not is_crowd.any():
        return places
    crowd = np.unique(places.members[is_crowd])
    small = _without_lone(places.members[~is_crowd], places.groups[~is_crowd], places.num_groups)
    counts = count_shingles(sets, crowd)
    rare = [
        rare_shingles(sets, crowd[start : start + ROWS_AT_ONCE], counts, threshold)
        for start in range(0, len(crowd), ROWS_AT_ONCE)
    ]
    hashes = np.concatenate([some.hashes for some in rare])
    rows = np.concatenate([some.rows for some in rare])
    passes = (hashes >> _PASS_SHIFT).astype(np.int64)
    return _joined(
        [small, *(group_by_key(rows[passes == number], hashes[passes == number]) for number in range(NUM_PASSES))]
    )


def meetings_of(places: Places, num_rows: int) -> Meetings:
    """The groups of each row."""
    order = np.argsort(places.members, kind="stable")
    counts = np.bincount(places.members, minlength=num_rows)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    return Meetings(offsets, places.groups[order])


def _columns(part: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    return part.column("ordinal").to_numpy(), part.column("bucket").to_numpy()


def group_by_key(members: NDArray[np.int64], keys: NDArray[np.uint64]) -> Places:
    """Members with an equal key, those alone with theirs left out."""
    is_shared = may_be_shared(keys)
    members, keys = members[is_shared], keys[is_shared]
    # Not stable, but fast: who is kept does not depend on the order within a group.
    order = np.argsort(keys)
    members, keys = members[order], keys[order]
    is_new = np.ones(len(keys), bool)
    is_new[1:] = keys[1:] != keys[:-1]
    numbers = (np.cumsum(is_new) - 1).astype(np.int32)
    return _without_lone(members, numbers, int(is_new.sum()))


def _without_lone(members: NDArray[np.int64], groups: NDArray[np.int32], num_groups: int) -> Places:
    is_shared = np.bincount(groups, minlength=num_groups) > 1
    numbers = (np.cumsum(is_shared) - 1).astype(np.int32)
    kept = is_shared[groups]
    return Places(members[kept], numbers[groups[kept]], int(is_shared.sum()))


def _joined(places: Iterator[Places] | list[Places]) -> Places:
    members, groups, num_groups = [np.empty(0, np.int64)], [np.empty(0, np.int32)], 0
    for some in places:
        members.append(some.members)
        groups.append(some.groups + np.int32(num_groups))
        num_groups += some.num_groups
    return Places(np.concatenate(members), np.concatenate(groups), num_groups)
