"""The text has so many words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Words(CountedCheck):
    """The number of words, runs of letters and digits, is within bounds; "don't" counts as two.

    >>> Words(at_most=3).problem("One two three four.")
    '4 words, at most 3 wanted'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "words"

    def count(self, text: str) -> int:
        """How many words."""
        return sum(1 for _ in _WORD.finditer(text))
