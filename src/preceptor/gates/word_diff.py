"""Which words two answers share, so that a reader sees at once what changed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

WORDS = re.compile(r"\s+|[^\s\w]|\w+")
MAX_WORDS = 600
LEAST_ALIKE = 0.35


class Segment(NamedTuple):
    """A run of text that both answers have, or that only this one has."""

    kind: Literal["same", "only"]
    text: str


class WordDiff(NamedTuple):
    """Both texts in segments; together the segments of a side are its whole text."""

    baseline: tuple[Segment, ...]
    candidate: tuple[Segment, ...]


def word_diff(baseline: str, candidate: str) -> WordDiff | None:
    """The two texts in segments; None where marking helps nobody: too long, or hardly alike.

    >>> word_diff("Refunds take five days.", "Refunds take ten days.").candidate
    (Segment(kind='same', text='Refunds take '), Segment(kind='only', text='ten'), Segment(kind='same', text=' days.'))
    """
    old, new = WORDS.findall(baseline), WORDS.findall(candidate)
    if max(len(old), len(new)) > MAX_WORDS:
        return None
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return None
    before: list[Segment] = []
    after: list[Segment] = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        kind: Literal["same", "only"] = "same" if tag == "equal" else "only"
        before += _segments(kind, old[old_start:old_end])
        after += _segments(kind, new[new_start:new_end])
    return WordDiff(tuple(before), tuple(after))


def _segments(kind: Literal["same", "only"], parts: list[str]) -> list[Segment]:
    return [Segment(kind, "".join(parts))] if parts else []
