"""How near a text is to those seen before, by runs of words."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from preceptor.datasets.normal_text import words

RUN_WORDS = 3


class Nearest(NamedTuple):
    """The most similar text seen and the Jaccard similarity of the runs of words, 0 to 1."""

    text_id: str
    similarity: float


@dataclass
class SeenTexts:
    """Texts by their runs of three words; short ones by what words they have.

    >>> seen = SeenTexts()
    >>> seen.add("a", "where is my order today")
    >>> seen.nearest("where is my order now")
    Nearest(text_id='a', similarity=0.5)
    """

    _runs: dict[str, frozenset[str]] = field(default_factory=dict)
    _holders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, text_id: str, text: str) -> None:
        """See a text."""
        self._runs[text_id] = _runs(text)
        for run in self._runs[text_id]:
            self._holders[run].append(text_id)

    def nearest(self, text: str) -> Nearest | None:
        """The most similar text, ties by id; None when none shares a run."""
        runs = _runs(text)
        shared = Counter(holder for run in runs for holder in self._holders.get(run, ()))
        found = [
            Nearest(text_id, count / (len(runs) + len(self._runs[text_id]) - count))
            for text_id, count in shared.items()
        ]
        return min(found, key=lambda near: (-near.similarity, near.text_id), default=None)


def _runs(text: str) -> frozenset[str]:
    said = words(text)
    if len(said) < RUN_WORDS:
        return frozenset([" ".join(said)]) if said else frozenset()
    return frozenset(" ".join(said[start : start + RUN_WORDS]) for start in range(len(said) - RUN_WORDS + 1))
