"""Find where a pattern may stand in many texts, in one pass of Hyperscan over all of them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from preceptor.governance.personal_data_pattern import PersonalDataPattern, Span

try:
    import hyperscan
except ImportError:
    HAS_HYPERSCAN = False  # It has no build for some processors; every pattern then reads every text.
else:
    HAS_HYPERSCAN = True

MOST_CHARACTERS = 1 << 20
SEPARATOR = b"\n\x00\n"
CONTINUATION = bytes(range(0x80, 0xC0))
EDGE = 4
WHOLE = 1 << 40  # characters: more than any text has


Window = tuple[int, int]
"""From where to where a pattern must read; the end may lie behind the text's."""


class Candidate(NamedTuple):
    """A pattern that may stand in a text, and the parts of the text that it must read."""

    pattern: int
    windows: Sequence[Window]


@dataclass(frozen=True)
class PatternScan:
    """The compiled triggers of some patterns; may be used by several threads at once."""

    patterns: tuple[PersonalDataPattern, ...]
    _local: threading.local = field(default_factory=threading.local, compare=False, repr=False)

    def candidates(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Candidate]]]:
        """The texts in which something may stand, by their place, in order."""
        if not HAS_HYPERSCAN:
            for place, text in enumerate(texts):
                yield place, [Candidate(pattern, [(0, len(text))]) for pattern in range(len(self.patterns))]
            return
        if not self.patterns:
            return
        start = 0
        for end in _ends_of_chunks(texts):
            for place, found in self._in_chunk(texts[start:end]):
                yield start + place, found
            start = end

    def _in_chunk(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Candidate]]]:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        starts = list(accumulate((len(one) + len(SEPARATOR) for one in encoded), initial=len(SEPARATOR)))
        hits = self._hits(SEPARATOR.join([b"", *encoded, b""]))
        at = 0
        while at < len(hits):
            place = bisect_right(starts, hits[at][0] - 1) - 1
            until = at
            while until < len(hits) and hits[until][0] <= starts[place + 1]:
                until += 1
            if 0 <= place < len(texts):
                own = [(end - starts[place], expression) for end, expression in hits[at:until]]
                yield place, self._candidates(texts[place], encoded[place], own)
            at = until

    def _hits(self, data: bytes) -> list[tuple[int, int]]:
        """End and number of each expression that matches, in order of the ends."""
        hits: list[tuple[int, int]] = []

        def note(expression: int, _start: int, end: int, _flags: int, _context: object) -> None:
            hits.append((end, expression))

        if not hasattr(self._local, "scratch"):
            # Kept together: two threads may both compile, and a scratch serves its own database only.
            self._local.database = self._database
            self._local.scratch = hyperscan.Scratch(self._local.database)
        self._local.database.scan(data, match_event_handler=note, scratch=self._local.scratch)
        hits.sort()
        return hits

    def _candidates(self, text: str, encoded: bytes, hits: Sequence[tuple[int, int]]) -> list[Candidate]:
        """The hits as windows over characters, those of one pattern joined where they touch."""
        is_ascii = len(text) == len(encoded)
        windows: dict[int, list[Window]] = {}
        byte, character = 0, 0
        for hit, expression in hits:
            end = min(hit, len(encoded))
            character += end - byte if is_ascii else len(encoded[byte:end].translate(None, CONTINUATION))
            byte = end
            for pattern, before, after in self._called[expression]:
                start = max(0, character - before)
                own = windows.get(pattern)
                if own is None:
                    windows[pattern] = [(start, character + after)]
                elif start <= own[-1][1]:
                    own[-1] = (own[-1][0], character + after)
                else:
                    own.append((start, character + after))
        return [Candidate(pattern, windows[pattern]) for pattern in sorted(windows)]

    @cached_property
    def _expressions(self) -> tuple[str, ...]:
        """Each trigger once."""
        return tuple(self._called_by)

    @cached_property
    def _called(self) -> tuple[tuple[tuple[int, int, int], ...], ...]:
        """For each expression the patterns that it calls."""
        return tuple(map(tuple, self._called_by.values()))

    @cached_property
    def _called_by(self) -> dict[str, list[tuple[int, int, int]]]:
        """By expression the numbers of the patterns that it calls, with how far each must see before and after."""
        called: dict[str, list[tuple[int, int, int]]] = {}
        for number, pattern in enumerate(self.patterns):
            for trigger in pattern.triggers:
                called.setdefault(trigger, []).append((number, *(pattern.reach or (WHOLE, WHOLE))))
        return called

    @cached_property
    def _database(self) -> hyperscan.Database:
        expressions = [trigger.encode() for trigger in self._expressions]
        database = hyperscan.Database()
        database.compile(
            expressions=expressions,
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=[hyperscan.HS_FLAG_CASELESS] * len(expressions),
        )
        return database


def spans_in_windows(pattern: PersonalDataPattern, text: str, windows: Sequence[Window]) -> Iterator[Span]:
    """What the pattern finds in these parts of the text.

    What touches the edge of a part, where the text goes on, is left out: the pattern saw only half of it.
    """
    for start, end in windows:
        if start == 0 and end >= len(text):
            yield from pattern.find(text)
            continue
        first, last = (EDGE if start else 0), end - start - (EDGE if end < len(text) else 0)
        for span_start, span_end in pattern.find(text[start:end]):
            if first <= span_start and span_end <= last:
                yield Span(start + span_start, start + span_end)


def _ends_of_chunks(texts: Sequence[str]) -> Iterator[int]:
    """Where to cut the texts so that none of the parts is much longer than MOST_CHARACTERS."""
    characters = 0
    for place, text in enumerate(texts):
        characters += len(text)
        if characters >= MOST_CHARACTERS:
            yield place + 1
            characters = 0
    if texts:
        yield len(texts)
