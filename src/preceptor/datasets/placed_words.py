"""The words of some records, each with the field and the characters where it stands, kept on disk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import TEXT_SEPARATOR, Batch
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.spilled_rows import SpilledRows
from preceptor.datasets.word_spans import word_spans
from preceptor.kernels.word_hashes import PART_END, WordHashes, WordPlaces, word_places

# From the NUL between two parts to the first character of the next.
_AFTER_NUL = len(TEXT_SEPARATOR) - TEXT_SEPARATOR.index("\x00")


class PlacedWords(NamedTuple):
    """Records in order of ordinal: their words, where each begins and ends, and the fields of their parts."""

    ordinals: NDArray[np.int64]
    words: WordHashes
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    fields: list[tuple[str, ...]]

    def span(self, row: int, start: int, num_words: int) -> JsonObject | None:
        """The field and the characters of some words within one part; None where they cannot be placed."""
        first = int(self.words.offsets[row])
        begin, end = first + start, first + start + num_words - 1
        ends_before = first + np.flatnonzero(self.words.hashes[first:begin] == PART_END)
        part = int(self.starts[ends_before[-1]]) + _AFTER_NUL if len(ends_before) else 0
        if min(int(self.starts[begin]), int(self.ends[end]), part) < 0 or len(ends_before) >= len(self.fields[row]):
            return None
        field = self.fields[row][len(ends_before)]
        return {"field": field, "start": int(self.starts[begin]) - part, "end": int(self.ends[end]) - part}


class WordFiles(NamedTuple):
    """Where the words go."""

    words: SpilledRows
    starts: SpilledRows
    ends: SpilledRows


def place_words(batches: Iterable[Batch], files: WordFiles) -> PlacedWords:
    """The words of the records of these batches; the files must stay open while they are used."""
    ordinals: list[int] = []
    fields: list[tuple[str, ...]] = []
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for batch in batches:
        found = word_places(batch.texts)
        _place_the_rest(batch, found)
        offsets = found.words.offsets
        files.words.add(offsets, found.words.hashes)
        files.starts.add(offsets, found.starts)
        files.ends.add(offsets, found.ends)
        ordinals += batch.ordinals
        names = (tuple(field for field, _ in iter_texts(record)) for record in batch.records)
        fields += [known.setdefault(some, some) for some in names]
    words = WordHashes(files.words.offsets(), files.words.values().view(np.uint64))
    starts, ends = files.starts.values().view(np.int32), files.ends.values().view(np.int32)
    return PlacedWords(np.array(ordinals, np.int64), words, starts, ends, fields)


def _place_the_rest(batch: Batch, found: WordPlaces) -> None:
    """Fill in the places of texts that were normalised as a whole."""
    offsets = found.words.offsets
    unplaced = [row for row in range(len(batch)) if offsets[row] < offsets[row + 1] and found.starts[offsets[row]] < 0]
    for row in unplaced:
        text = cast("str", batch.texts[row].as_py())
        own = slice(offsets[row], offsets[row + 1])
        is_end = found.words.hashes[own] == PART_END
        spans = word_spans(text)
        if len(spans.words) != len(is_end) - int(is_end.sum()):
            continue
        found.starts[own][~is_end] = spans.starts
        found.ends[own][~is_end] = spans.ends
        found.starts[own][is_end] = [place for place, one in enumerate(text) if one == "\x00"]
