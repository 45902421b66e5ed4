"""The text has so many highlighted parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck

_SINGLE = re.compile(r"\*[^\n*]*\*")
_DOUBLE = re.compile(r"\*\*[^\n*]*\*\*")


@dataclass(frozen=True, kw_only=True)
class Highlights(CountedCheck):
    """The number of parts between asterisks, `*so*` or `**so**`, within one line, is within bounds.

    >>> Highlights(at_least=3).problem("*One* and **two**.")
    '2 highlighted parts, at least 3 wanted'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "highlighted parts"

    def count(self, text: str) -> int:
        """How many parts with something between the asterisks."""
        found = [*_SINGLE.findall(text), *_DOUBLE.findall(text)]
        return sum(1 for part in found if part.strip("*").strip())
