"""Overlap of texts."""

from __future__ import annotations

import random

from preceptor.grading.text_overlap import longest_common_subsequence


def by_table(first: list[str], second: list[str]) -> int:
    """The textbook's table, which is slow and plain."""
    above = [0] * (len(second) + 1)
    for a in first:
        row = [0]
        for place, b in enumerate(second, start=1):
            row.append(above[place - 1] + 1 if a == b else max(above[place], row[-1]))
        above = row
    return above[-1]


def test_the_fast_way_gives_what_the_table_gives():
    chance = random.Random(7)  # noqa: S311 - a simulation, no secret
    for _ in range(300):
        first = chance.choices("abcd", k=chance.randrange(30))
        second = chance.choices("abcd", k=chance.randrange(30))
        assert longest_common_subsequence(first, second) == by_table(first, second)
