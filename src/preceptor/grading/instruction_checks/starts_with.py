"""The text starts with a given text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.output_part import shown


@dataclass(frozen=True, kw_only=True)
class StartsWith:
    """The text starts with this one, whatever its case and the white space around both.

    >>> StartsWith(text="Dear customer").problem("Hello!")
    "does not start with 'Dear customer'"
    """

    version: ClassVar[int] = 1
    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InputError("text is empty; say what stands at the start")

    def problem(self, text: str) -> str:
        """Says that it does not."""
        is_good = text.strip().lower().startswith(self.text.strip().lower())
        return "" if is_good else f"does not start with {shown(self.text.strip())}"
