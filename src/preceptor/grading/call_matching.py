"""Pair wanted calls with made ones: as many pairs as can be, each call in one pair."""

from __future__ import annotations

from collections.abc import Sequence


def largest_matching(fits: Sequence[Sequence[int]]) -> dict[int, int]:
    """Wanted to made, for as many wanted as possible; `fits[w]` holds the made ones that w accepts.

    Augmenting paths (Berge 1957), so that a wanted call which accepts several made ones never
    takes the only one that another accepts. Ties go to the earlier made one.

    >>> largest_matching([[0, 1], [0]])
    {1: 0, 0: 1}
    """
    taken_by: dict[int, int] = {}
    for wanted in range(len(fits)):
        _augment(wanted, fits, taken_by)
    return {wanted: made for made, wanted in taken_by.items()}


def _augment(start: int, fits: Sequence[Sequence[int]], taken_by: dict[int, int]) -> None:
    """Give `start` a made call, moving others where that frees one; breadth first, so no recursion limit."""
    came_from: dict[int, int] = {}
    queue = [start]
    for wanted in queue:
        for made in fits[wanted]:
            if made in came_from:
                continue
            came_from[made] = wanted
            if made not in taken_by:
                _shift(made, came_from, taken_by)
                return
            queue.append(taken_by[made])


def _shift(free: int, came_from: dict[int, int], taken_by: dict[int, int]) -> None:
    """Move every wanted call on the path one step, towards the made call that was free."""
    held_before = {wanted: made for made, wanted in taken_by.items()}
    made: int | None = free
    while made is not None:
        wanted = came_from[made]
        taken_by[made] = wanted
        made = held_before.get(wanted)


def ordered_matching(fits: Sequence[Sequence[int]]) -> dict[int, int]:
    """Wanted to made where both run forward; a wanted call that finds none after the last is left out.

    Complete whenever a complete one exists, because each takes the earliest that it can.

    >>> ordered_matching([[0, 2], [1], [0]])
    {0: 0, 1: 1}
    """
    pairs: dict[int, int] = {}
    after = -1
    for wanted, candidates in enumerate(fits):
        made = next((made for made in candidates if made > after), None)
        if made is not None:
            pairs[wanted] = made
            after = made
    return pairs
