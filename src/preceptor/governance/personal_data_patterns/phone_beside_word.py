"""Telephone numbers, by a word beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.governance.personal_data_locale import all_words
from preceptor.governance.personal_data_pattern import Reach, Span
from preceptor.governance.phone_forms import EXTENSION, is_amount, is_date
from preceptor.governance.word_expression import words_in_bytes, words_in_text

NUMBER = rf"(?P<number>[+(]{{0,2}}[0-9](?:[ .()/-]{{0,3}}[0-9]){{6,14}}(?!\d){EXTENSION})"
NOBODYS = re.compile(r"555-01[0-9]{2}(?![0-9 .()/-]{0,3}[0-9])")  # kept for fiction; pseudonyms stand there
SEVEN_DIGITS = "[0-9](?:[ .()/-]{0,3}[0-9]){6}"


@dataclass(frozen=True, kw_only=True)
class PhoneBesideWord:
    """Seven digits or more after a word such as "phone", or before one; `locales` are those whose words are known.

    >>> list(PhoneBesideWord().find("my phone: 2125550142"))
    [Span(start=10, end=20)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "PHONE"
    precedence: ClassVar[int] = 79
    is_default: ClassVar[bool] = True
    reach: ClassVar[Reach | None] = Reach(112, 72)
    locales: tuple[str, ...] = ()

    @property
    def triggers(self) -> tuple[str, ...]:
        """A word and seven digits not far behind it, or the other way round."""
        before, after = (words_in_bytes(words) for words in self._words)
        return (rf"{before}[^0-9]{{0,24}}[0-9][^a-z]{{5}}", rf"{SEVEN_DIGITS}[ -]{{1,3}}\(?{after}")

    def find(self, text: str) -> Iterator[Span]:
        """Each number, without the word."""
        found = [
            Span(*match.span("number"))
            for expression in self._expressions
            for match in expression.finditer(text)
            if self._is_phone(text, match)
        ]
        after = 0
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            if span.start >= after:
                after = span.end
                yield span

    def _is_phone(self, text: str, match: re.Match[str]) -> bool:
        number = match.group("number")
        return not (is_date(number) or NOBODYS.match(number) or is_amount(text, match.end("number")))

    @cached_property
    def _words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return all_words(self.locales, "phone_words"), all_words(self.locales, "phone_words_after")

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        before, after = map(words_in_text, self._words)
        return (
            re.compile(rf"{before}(?:\.? ?[:=]?\s{{1,4}}+|[^0-9+(\n]{{0,20}}+){NUMBER}(?!\w)", re.IGNORECASE),
            re.compile(rf"(?<![\w+#.,-]){NUMBER}[ -]{{1,3}}\(?{after}", re.IGNORECASE),
        )
