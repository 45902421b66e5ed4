"""Where each word of a text stands in it, for words that are compared in normal form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from preceptor.datasets.normal_text import words


class WordSpans(NamedTuple):
    """Words in normal form; word `i` was made of the text's characters from `starts[i]` up to `ends[i]`."""

    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]


def word_spans(text: str) -> WordSpans:
    """The words as `normal_text.words` gives them, with their places in the text as it stands.

    A few texts cannot be mapped back, such as Hangul written in single letters: there each word
    spans the whole text, which is true if wide.

    >>> word_spans("The ﬁle, ok")
    WordSpans(words=['the', 'file', 'ok'], starts=[0, 4, 9], ends=[3, 7, 11])
    """
    found = words(text)
    normal = unicodedata.normalize("NFKC", text).casefold()
    starts: list[int] = []
    ends: list[int] = []
    end = 0
    # Nothing but separators stands between two words, so each is the first occurrence after the one before.
    for word in found:
        start = normal.index(word, end)
        end = start + len(word)
        starts.append(start)
        ends.append(end)
    if text.isascii():
        return WordSpans(found, starts, ends)
    origins = _origins(text, normal)
    if origins is None:
        return WordSpans(found, [0] * len(found), [len(text)] * len(found))
    return WordSpans(found, [origins[start] for start in starts], [_end(origins, end) for end in ends])


def _end(origins: Sequence[int], end: int) -> int:
    """Where a word ends in the text: at the next piece that is not the one of its last character."""
    last = origins[end - 1]
    while origins[end] == last:
        end += 1
    return origins[end]


def _origins(text: str, normal: str) -> list[int] | None:
    """For each character of the normal form, and its end, the start of the piece that it came from; None if unknown."""
    origins: list[int] = []
    made: list[str] = []
    for start, piece in _pieces(text):
        folded = unicodedata.normalize("NFKC", piece).casefold()
        made.append(folded)
        origins += [start] * len(folded)
    return [*origins, len(text)] if "".join(made) == normal else None


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Each character with the marks that follow it: these are normalised together."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or text[place] < "\x80" or unicodedata.category(text[place])[0] != "M":
            yield start, text[start:place]
            start = place
