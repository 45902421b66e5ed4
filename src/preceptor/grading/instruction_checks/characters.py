"""The text has so many characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck


@dataclass(frozen=True, kw_only=True)
class Characters(CountedCheck):
    """The number of characters, without white space at the ends, is within bounds.

    >>> Characters(at_most=280).problem("short")
    ''
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "characters"

    def count(self, text: str) -> int:
        """How many characters."""
        return len(text.strip())
