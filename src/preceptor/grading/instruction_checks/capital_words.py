"""So many words are in capitals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck

# A word may hold a hyphen, a point or an apostrophe inside (`CO-OP`, `U.S`), which splits nothing.
_WORD = re.compile(r"[^\W_]+(?:[-./&][^\W_]+)*")


@dataclass(frozen=True, kw_only=True)
class CapitalWords(CountedCheck):
    """The number of words all in capitals ("I" and "A" too) is within bounds.

    >>> CapitalWords(at_most=1).problem("NASA and ESA agreed.")
    '2 words in capitals, at most 1 wanted'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "words in capitals"

    def count(self, text: str) -> int:
        """How many words whose letters are all capitals."""
        return sum(1 for word in _WORD.finditer(text) if word.group().isupper())
