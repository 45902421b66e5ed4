"""The largest pairing, against every possible pairing."""

from __future__ import annotations

import itertools
import random

from preceptor.grading.call_matching import largest_matching, ordered_matching


def largest_by_trying(fits, num_made) -> int:
    """The size of the largest pairing, by going through all of them."""
    slots = [*range(num_made), *[None] * len(fits)]
    return max(
        (sum(made in row for made, row in zip(chosen, fits, strict=True) if made is not None))
        for chosen in set(itertools.permutations(slots, len(fits)))
    )


def test_as_large_as_the_best_of_all_pairings():
    rng = random.Random(7)  # noqa: S311 - a simulation with a fixed seed, nothing secret
    for _ in range(150):
        num_made, num_wanted = rng.randint(1, 4), rng.randint(1, 4)
        fits = [[made for made in range(num_made) if rng.random() < 0.4] for _ in range(num_wanted)]
        pairs = largest_matching(fits)
        assert all(made in fits[wanted] for wanted, made in pairs.items())
        assert len(set(pairs.values())) == len(pairs)
        assert len(pairs) == largest_by_trying(fits, num_made)


def test_a_long_chain_of_moves_is_found():
    """Wanted k accepts k and k + 1, the last accepts 0 alone: everyone has to move by one."""
    n = 400
    fits = [[k, k + 1] for k in range(n)] + [[0]]
    assert len(largest_matching(fits)) == n + 1


def test_in_order_the_earliest_is_taken():
    assert ordered_matching([[0, 1], [1]]) == {0: 0, 1: 1}
    assert ordered_matching([[1], [0]]) == {0: 1}
    assert ordered_matching([]) == {}
