"""The longest run of pairs that goes forward in two sequences at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def longest_common(fits: Sequence[Sequence[int]]) -> dict[int, int]:
    """First to second, as many pairs as possible, both ascending; `fits[i]` holds, ascending, what i pairs with.

    Hunt and Szymanski 1977: the longest ascending run through the pairs, in r log r steps for r
    of them.

    >>> longest_common([[2], [0], [1]])
    {1: 0, 2: 1}
    """
    ends: list[int] = []
    chains: list[tuple[int, int, int]] = []
    chain_of_length: list[int] = []
    for first, seconds in enumerate(fits):
        # From the last down, so that one of the first sequence is never used twice.
        for second in reversed(seconds):
            length = bisect_left(ends, second)
            chains.append((first, second, chain_of_length[length - 1] if length else -1))
            if length == len(ends):
                ends.append(second)
                chain_of_length.append(len(chains) - 1)
            else:
                ends[length] = second
                chain_of_length[length] = len(chains) - 1
    pairs: dict[int, int] = {}
    at = chain_of_length[-1] if chain_of_length else -1
    while at >= 0:
        first, second, at = chains[at]
        pairs[first] = second
    return dict(sorted(pairs.items()))
