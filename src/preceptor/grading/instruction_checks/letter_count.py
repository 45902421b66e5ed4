"""A letter stands so often in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.counted_check import CountedCheck


@dataclass(frozen=True, kw_only=True)
class LetterCount(CountedCheck):
    """The number of times that one character stands in the text, whatever its case, is within bounds.

    >>> LetterCount(letter="e", at_most=1).problem("Every letter")
    '4 times the letter, at most 1 wanted'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "times the letter"
    letter: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.letter) != 1:
            raise InputError(f"letter is {self.letter!r}; give one character")

    def count(self, text: str) -> int:
        """How often it stands there."""
        return text.lower().count(self.letter.lower())
