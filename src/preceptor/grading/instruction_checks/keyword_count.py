"""A word stands so often in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.counted_check import CountedCheck
from preceptor.grading.keyword_pattern import keyword_pattern


@dataclass(frozen=True, kw_only=True)
class KeywordCount(CountedCheck):
    """The number of times that `keyword` stands in the text, whatever its case, is within bounds.

    >>> KeywordCount(keyword="tea", at_least=2).problem("Tea, or more tea?")
    ''
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "times the keyword"
    keyword: str
    whole_words: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.keyword:
            raise InputError("keyword is empty; name the word to count")

    def count(self, text: str) -> int:
        """How often it stands there, without overlaps."""
        return sum(1 for _ in keyword_pattern(self.keyword, whole_words=self.whole_words).finditer(text))
