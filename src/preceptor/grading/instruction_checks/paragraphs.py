"""The text has so many paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.counted_check import CountedCheck


@dataclass(frozen=True, kw_only=True)
class Paragraphs(CountedCheck):
    r"""The number of paragraphs is within bounds; `divider` stands between two (a blank line by default).

    Empty paragraphs do not count, but with another divider an empty one between two dividers
    breaks the instruction.

    >>> Paragraphs(at_least=2, at_most=2, divider="***").problem("One.\n***\n***\nTwo.")
    'paragraph 2 is empty'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "paragraphs"
    divider: str = "\n\n"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.divider:
            raise InputError("divider is empty; say what stands between two paragraphs")

    def problem(self, text: str) -> str:
        """The empty paragraph, or the count and the bound that it breaks."""
        parts = [part.strip() for part in text.split(self.divider)]
        empty = next((number for number, part in enumerate(parts[1:-1], 2) if not part), None)
        if empty and self.divider.strip():
            return f"paragraph {empty} is empty"
        return super().problem(text)

    def count(self, text: str) -> int:
        """How many paragraphs that are not empty."""
        return sum(1 for part in text.split(self.divider) if part.strip())
