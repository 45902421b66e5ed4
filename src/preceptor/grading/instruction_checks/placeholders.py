"""The text has so many placeholders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck


@dataclass(frozen=True, kw_only=True)
class Placeholders(CountedCheck):
    """The number of placeholders in square brackets, such as `[address]`, is within bounds.

    >>> Placeholders(at_least=2).problem("Dear [name],")
    '1 placeholders, at least 2 wanted'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "placeholders"

    def count(self, text: str) -> int:
        """How many brackets open and close again on their line."""
        return sum(_in_line(line) for line in text.split("\n"))


def _in_line(line: str) -> int:
    # Not a regular expression: a row of opening brackets would take it the square of its length.
    count, opening = 0, line.find("[")
    while opening >= 0:
        closing = line.find("]", opening + 1)
        if closing < 0:
            break
        count, opening = count + 1, line.find("[", closing + 1)
    return count
