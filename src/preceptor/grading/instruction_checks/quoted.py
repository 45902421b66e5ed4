"""The whole text stands in quotation marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """The first and the last character are double quotation marks.

    >>> Quoted().problem('"Well said."')
    ''
    """

    version: ClassVar[int] = 1

    def problem(self, text: str) -> str:
        """Says that it does not."""
        bare = text.strip()
        is_good = len(bare) > 1 and bare[0] == bare[-1] == '"'
        return "" if is_good else "not in double quotation marks"
