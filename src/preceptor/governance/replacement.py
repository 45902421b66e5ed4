"""Put other values in place of spans of a text, and tell where everything stands afterwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from preceptor.governance.personal_data_pattern import Span


class Spanned(Protocol):
    """Anything that stands from `start` up to `end`."""

    @property
    def start(self) -> int:
        """Its first character."""
        ...

    @property
    def end(self) -> int:
        """The character after its last."""
        ...


class Moved(NamedTuple):
    """Where a replaced value stood in the text before, and where its stand-in stands in the text after."""

    old: Span
    new: Span


class Replaced(NamedTuple):
    """A text with stand-ins, and where they stand, in order."""

    text: str
    moved: tuple[Moved, ...]

    def span(self, start: int, end: int) -> Span:
        """Where characters of the text before stand now; a span that cuts a replaced value grows to the whole of it.

        >>> replaced = replace_spans("Write to ada@example.org today", [Span(9, 24)], ["[EMAIL_1]"])
        >>> replaced.text[slice(*replaced.span(25, 30))], replaced.text[slice(*replaced.span(6, 12))]
        ('today', 'to [EMAIL_1]')
        """
        return Span(
            self._place(start, is_end=False), max(self._place(start, is_end=False), self._place(end, is_end=True))
        )

    def _place(self, at: int, *, is_end: bool) -> int:
        number = bisect_right(self.moved, at, key=lambda moved: moved.old.start) - 1
        if number < 0:
            return at
        old, new = self.moved[number]
        if at == old.start:
            return new.start
        if at < old.end:
            return new.end if is_end else new.start
        return at - old.end + new.end


def replace_spans(text: str, spans: Sequence[Spanned], values: Sequence[str]) -> Replaced:
    """The text with each value in place of its span; spans are in order and do not overlap."""
    pieces: list[str] = []
    moved: list[Moved] = []
    after, length = 0, 0
    for span, value in zip(spans, values, strict=True):
        pieces += [text[after : span.start], value]
        start = length + span.start - after
        length = start + len(value)
        moved.append(Moved(Span(span.start, span.end), Span(start, length)))
        after = span.end
    return Replaced("".join([*pieces, text[after:]]), tuple(moved))
