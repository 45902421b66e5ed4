"""A paragraph starts with a given word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.output_part import shown

_PUNCTUATION = re.compile(r"[.,?!'\"]")


@dataclass(frozen=True, kw_only=True)
class ParagraphStart:
    r"""The first word of the paragraph with this `number` (from 1) is `word`, whatever its case.

    Paragraphs are parted by blank lines; `paragraphs` says how many there must be in all.

    >>> ParagraphStart(number=2, word="then").problem("First.\n\nThen, second.")
    ''
    """

    version: ClassVar[int] = 1
    number: int
    word: str
    paragraphs: int | None = None

    def __post_init__(self) -> None:
        if self.number < 1 or not self.word:
            raise InputError(f"number is {self.number}, word {self.word!r}; count paragraphs from 1 and name a word")

    def problem(self, text: str) -> str:
        """The word that stands there, or the number of paragraphs."""
        parts = text.split("\n\n")
        filled = sum(1 for part in parts if part.strip())
        if self.paragraphs is not None and filled != self.paragraphs:
            return f"{filled} paragraphs, {self.paragraphs} wanted"
        words = parts[self.number - 1].split(maxsplit=1) if self.number <= filled else []
        if not words:
            return f"there is no paragraph {self.number}"
        first = _PUNCTUATION.split(words[0].lstrip("'\""), maxsplit=1)[0]
        is_good = first.lower() == self.word.lower()
        return "" if is_good else f"paragraph {self.number} starts with {shown(first)}, not {self.word!r}"
