"""Which of many vectors point nearly the same way as an earlier one that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK = 2_048
Vectors = NDArray[np.float32]


class Neighbour(NamedTuple):
    """Vector `place` is `cosine` like the kept vector `kept`, the most like of all kept before it."""

    place: int
    kept: int
    cosine: float


def iter_neighbours(blocks: Iterable[Vectors], threshold: float) -> Iterator[Neighbour]:
    """Each unit vector with a cosine of the threshold or more to an earlier one that is itself no neighbour, in order.

    A vector of zeros says nothing and is left out. Every vector is compared with all kept ones: time grows
    with the square of their number, memory with their number (512 bytes each).

    >>> list(iter_neighbours([np.array([[1, 0], [0, 1], [1, 0]], np.float32)], 0.9))
    [Neighbour(place=2, kept=0, cosine=1.0)]
    """
    kept: list[NDArray[np.float16]] = []
    places: list[NDArray[np.int64]] = []
    start = 0
    for block in blocks:
        best, partners = _most_like(block, kept, places)
        inner = block @ block.T
        stays = np.flatnonzero((best < threshold) & block.any(axis=1))
        is_kept = np.zeros(len(block), bool)
        for row in stays.tolist():
            before = np.flatnonzero(is_kept[:row])
            if len(before) and inner[row, before].max() >= max(threshold, best[row]):
                nearest = before[int(inner[row, before].argmax())]
                best[row], partners[row] = inner[row, nearest], start + nearest
            else:
                is_kept[row] = True
        for row in np.flatnonzero((best >= threshold) & ~is_kept).tolist():
            yield Neighbour(start + row, int(partners[row]), min(1.0, float(best[row])))
        kept.append(block[is_kept].astype(np.float16))
        places.append(start + np.flatnonzero(is_kept))
        start += len(block)


def _most_like(
    block: Vectors, kept: list[NDArray[np.float16]], places: list[NDArray[np.int64]]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    best, partners = np.full(len(block), -1, np.float32), np.full(len(block), -1, np.int64)
    for some, numbers in zip(kept, places, strict=True):
        if not len(some):
            continue
        cosines = block @ some.astype(np.float32).T
        nearest = cosines.argmax(axis=1)
        found = cosines[np.arange(len(block)), nearest]
        is_better = found > best
        best[is_better], partners[is_better] = found[is_better], numbers[nearest[is_better]]
    return best, partners
