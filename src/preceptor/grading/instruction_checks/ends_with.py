"""The text ends with a given text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.output_part import shown


@dataclass(frozen=True, kw_only=True)
class EndsWith:
    """The text ends with this one, whatever its case, white space at the end and quotation marks around the whole.

    >>> EndsWith(text="Is there anything else?").problem("Done. Is there anything else?")
    ''
    """

    version: ClassVar[int] = 1
    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InputError("text is empty; say what stands at the end")

    def problem(self, text: str) -> str:
        """Says that it does not."""
        is_good = text.strip().strip('"').lower().endswith(self.text.strip().lower())
        return "" if is_good else f"does not end with {shown(self.text.strip())}"
