"""The text contains given words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.keyword_pattern import keyword_pattern


@dataclass(frozen=True, kw_only=True)
class Keywords:
    """Every value stands in the text, whatever its case; `whole_words` does not find "art" in "start".

    >>> Keywords(values=("refund", "days")).problem("A refund takes a week.")
    "lacks 'days'"
    """

    version: ClassVar[int] = 1
    values: tuple[str, ...]
    whole_words: bool = False

    def __post_init__(self) -> None:
        if not self.values or "" in self.values:
            raise InputError(f"values is {list(self.values)}; name the words to look for")

    def problem(self, text: str) -> str:
        """The values that are missing."""
        absent = [
            value for value in self.values if not keyword_pattern(value, whole_words=self.whole_words).search(text)
        ]
        return f"lacks {', '.join(map(repr, absent))}" if absent else ""
