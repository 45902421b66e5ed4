"""The text has a title between marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Title:
    r"""A title stands between the two marks on one line.

    >>> Title().problem("<<Ode to Tea>>\nSteam rises.")
    ''
    """

    version: ClassVar[int] = 1
    opening: str = "<<"
    closing: str = ">>"

    def __post_init__(self) -> None:
        if not self.opening or not self.closing:
            raise InputError("a mark is empty; say what stands before and after the title")

    def problem(self, text: str) -> str:
        """Says that there is none."""
        is_there = any(self._in_line(line) for line in text.split("\n"))
        return "" if is_there else f"no title between {self.opening!r} and {self.closing!r}"

    def _in_line(self, line: str) -> bool:
        start, end = line.find(self.opening), line.rfind(self.closing)
        return 0 <= start < end and bool(line[start:end].strip(self.opening + self.closing).strip())
