"""The text contains none of given words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.keyword_pattern import keyword_pattern


@dataclass(frozen=True, kw_only=True)
class ForbiddenWords:
    """None of the values stands in the text, whatever its case; with `whole_words` "start" does not hold "art".

    >>> ForbiddenWords(values=("guarantee",)).problem("We guarantee it.")
    "contains 'guarantee'"
    """

    version: ClassVar[int] = 1
    values: tuple[str, ...]
    whole_words: bool = True

    def __post_init__(self) -> None:
        if not self.values or "" in self.values:
            raise InputError(f"values is {list(self.values)}; name the words that must not occur")

    def problem(self, text: str) -> str:
        """The values that are there."""
        present = [value for value in self.values if keyword_pattern(value, whole_words=self.whole_words).search(text)]
        return f"contains {', '.join(map(repr, present))}" if present else ""
