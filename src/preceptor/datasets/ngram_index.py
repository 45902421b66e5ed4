"""Which of many texts share runs of words with another text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from preceptor.datasets.normal_text import words

MIN_BOILERPLATE_TEXTS = 3


class Overlap(NamedTuple):
    """How much of an indexed text stands in another one, and a run of words that shows it."""

    text_id: str
    containment: float
    quote: str


@dataclass(frozen=True, kw_only=True)
class NgramIndex:
    """Texts by their runs of `num_words` words; made by `build_index`.

    `holders` are the texts that hold a run, `sizes` how many runs of its own each text has,
    `whole` the texts that are compared whole.
    """

    num_words: int
    holders: dict[str, tuple[str, ...]]
    sizes: dict[str, int]
    whole: dict[str, tuple[str, ...]]

    def overlaps(self, parts: Iterable[str]) -> list[Overlap]:
        """The indexed texts found in these parts, most contained first, ties in order of id.

        Containment is the share of the indexed text's runs that stand in any of the parts; a text
        that is compared whole has 1 when a part equals it. Time grows with the words of the parts.
        """
        shared: dict[str, dict[str, None]] = defaultdict(dict)
        found: dict[str, Overlap] = {}
        for part in parts:
            part_words = words(part)
            for run in _runs(part_words, self.num_words):
                for text_id in self.holders.get(run, ()):
                    shared[text_id][run] = None
            joined = " ".join(part_words)
            for text_id in self.whole.get(joined, ()):
                found[text_id] = Overlap(text_id, 1.0, " ".join(part_words[: self.num_words]))
        for text_id, runs in shared.items():
            found[text_id] = Overlap(text_id, len(runs) / self.sizes[text_id], next(iter(runs)))
        return sorted(found.values(), key=lambda overlap: (-overlap.containment, overlap.text_id))


def build_index(texts: Mapping[str, str], num_words: int, boilerplate_share: float) -> NgramIndex:
    """The index over texts by id.

    A run that stands in more than `boilerplate_share` of the texts (and in more than 3) is a
    phrase of the collection, such as an instruction that opens every question: it tells nothing
    and is left out. A text with no run of its own, because it is shorter than `num_words` or all
    boilerplate, is compared whole.
    """
    by_run: dict[str, dict[str, None]] = defaultdict(dict)
    by_words: dict[str, list[str]] = defaultdict(list)
    for text_id, text in texts.items():
        text_words = words(text)
        by_words[" ".join(text_words)].append(text_id)
        for run in _runs(text_words, num_words):
            by_run[run][text_id] = None
    most = max(MIN_BOILERPLATE_TEXTS, boilerplate_share * len(texts))
    holders = {run: tuple(ids) for run, ids in by_run.items() if len(ids) <= most}
    sizes: dict[str, int] = defaultdict(int)
    for ids in holders.values():
        for text_id in ids:
            sizes[text_id] += 1
    whole = {
        joined: tuple(text_id for text_id in ids if text_id not in sizes) for joined, ids in by_words.items() if joined
    }
    return NgramIndex(
        num_words=num_words,
        holders=holders,
        sizes=dict(sizes),
        whole={joined: ids for joined, ids in whole.items() if ids},
    )


def _runs(text_words: Sequence[str], num_words: int) -> Iterator[str]:
    for start in range(len(text_words) - num_words + 1):
        yield " ".join(text_words[start : start + num_words])
