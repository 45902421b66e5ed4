"""All letters are capitals, or none is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, kw_only=True)
class LetterCase:
    """Every letter that has a case is in this one; a text without letters is in neither.

    >>> LetterCase(case="lower").problem("all small, no Capital")
    'not all letters are lower case'
    """

    version: ClassVar[int] = 1
    case: Literal["upper", "lower"]

    def problem(self, text: str) -> str:
        """Says that some letter is in the other case."""
        is_good = text.isupper() if self.case == "upper" else text.islower()
        return "" if is_good else f"not all letters are {self.case} case"
