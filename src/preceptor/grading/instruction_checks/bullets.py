"""The text has so many bullet points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck


@dataclass(frozen=True, kw_only=True)
class Bullets(CountedCheck):
    r"""The number of bullet points, lines that start with `*` or `-`, is within bounds.

    As in IFEval a line may start with bold text (`**`) without being one, and no space is needed
    after the mark, so that a line of dashes counts.

    >>> Bullets(at_least=2, at_most=2).problem("Two things:\n- one\n* two\n**three**")
    ''
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "bullet points"

    def count(self, text: str) -> int:
        """How many lines start with a mark."""
        lines = (line.strip() for line in text.split("\n"))
        return sum(1 for line in lines if line.startswith("-") or (line.startswith("*") and line[1:2] not in {"*", ""}))
