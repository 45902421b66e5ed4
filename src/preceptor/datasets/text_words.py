"""Words of a text by their place among all its words, as the compiled loops count them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from preceptor.datasets.normal_text import words
from preceptor.datasets.word_spans import word_spans
from preceptor.kernels.word_hashes import word_places

# Parts of a text are kept apart by TEXT_SEPARATOR, which is this between two line ends.
PART_END = "\x00"


class Span(NamedTuple):
    """Characters of a text from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class TextWords:
    """A text with the characters of each word; an end of a part counts as a word.

    `known` are the words themselves, where they cannot be had from a piece of the text.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    known: Sequence[str] | None = None

    def span(self, first: int, last: int) -> Span:
        """The characters from the word `first` to the word `last`."""
        return Span(self.starts[first], self.ends[last])

    def words(self, first: int, last: int) -> list[str]:
        """The words from `first` to `last` in normal form; they stand in one part."""
        if self.known is not None:
            return list(self.known[first : last + 1])
        return words(self.text[self.starts[first] : self.ends[last]])


def text_words(texts: pa.LargeStringArray) -> list[TextWords]:
    r"""The words of each text.

    >>> (found,) = text_words(pa.array(["Hello!\x00My ORDER"], pa.large_string()))
    >>> found.words(2, 3), found.span(2, 3)
    (['my', 'order'], Span(start=7, end=15))
    """
    places = word_places(texts)
    ends = places.words.offsets.tolist()
    return [
        _one(text, places.starts[begin:end].tolist(), places.ends[begin:end].tolist())
        for text, begin, end in zip(texts.to_pylist(), ends[:-1], ends[1:], strict=True)
    ]


def _one(text: str, starts: list[int], ends: list[int]) -> TextWords:
    # A text that had to be normalised as a whole has no places yet.
    return _by_parts(text) if starts and starts[0] < 0 else TextWords(text, starts, ends)


def _by_parts(text: str) -> TextWords:
    starts: list[int] = []
    ends: list[int] = []
    known: list[str] = []
    offset = 0
    for part in text.split(PART_END):
        if offset:
            starts.append(offset - 1)
            ends.append(offset)
            known.append(PART_END)
        spans = word_spans(part)
        starts += [offset + start for start in spans.starts]
        ends += [offset + end for end in spans.ends]
        known += spans.words
        offset += len(part) + len(PART_END)
    return TextWords(text, starts, ends, known)
