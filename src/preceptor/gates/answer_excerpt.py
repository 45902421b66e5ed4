"""Cut two long answers to the part where they begin to differ, so that a short excerpt shows the change."""

from __future__ import annotations

from typing import NamedTuple

LEAD_IN = 60


class Excerpt(NamedTuple):
    """The same stretch of both answers; an ellipsis stands where something was cut."""

    baseline: str
    candidate: str


def answer_excerpt(baseline: str, candidate: str, shown: int) -> Excerpt:
    """At most about `shown` characters a side, from shortly before the first difference on.

    Answers that fit are given whole, and so are their starts when they are the same.

    >>> answer_excerpt("aaa old", "aaa new", shown=100)
    Excerpt(baseline='aaa old', candidate='aaa new')
    >>> answer_excerpt("a" * 200 + "old", "a" * 200 + "new", shown=70).candidate[-6:]
    'aaanew'
    """
    start = 0
    if max(len(baseline), len(candidate)) > shown and baseline != candidate:
        start = max(0, _first_difference(baseline, candidate) - min(LEAD_IN, shown // 2))
    return Excerpt(_cut(baseline, start, shown), _cut(candidate, start, shown))


def _cut(text: str, start: int, shown: int) -> str:
    part = text[start : start + shown]
    return f"{'…' if start else ''}{part}{'…' if start + shown < len(text) else ''}"


def _first_difference(baseline: str, candidate: str) -> int:
    pairs = enumerate(zip(baseline, candidate, strict=False))
    return next((place for place, (old, new) in pairs if old != new), min(len(baseline), len(candidate)))
