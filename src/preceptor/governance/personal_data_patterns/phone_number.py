"""Telephone numbers, by how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.governance.numbering_plan import is_valid_number
from preceptor.governance.personal_data_locale import all_words, locales
from preceptor.governance.personal_data_pattern import Reach, Span
from preceptor.governance.phone_forms import EXTENSION, is_amount, is_date, is_other_number

# Separators between groups are required, so that each text can be read in one way only.
INTERNATIONAL = r"(?:\+|00)[ .()/-]{0,4}[1-9](?:[ .()/-]{0,3}[0-9]){7,14}"  # no country's code starts with 0
IN_BRACKETS = r"(?:\+?1[ .-]?)?\([0-9]{2,5}\)[ .-]?[0-9]{2,8}(?:[ .-][0-9]{2,4}){0,3}"
NORTH_AMERICAN = r"(?:1[ .-])?[2-9][0-9]{2}([ .-])[2-9][0-9]{2}\2[0-9]{4}"
TRUNK_ZERO = r"0[1-9][0-9]{0,3}[ ./-][0-9]{2,8}(?:[ .-][0-9]{2,8}){0,4}"
GROUPED = r"(?P<grouped>[2-9][0-9]{1,2}(?:[ .-][0-9]{2,4}){2,4})"
NUMBER = re.compile(
    rf"(?<![\w+#-])(?<![0-9][.,])(?:({INTERNATIONAL})|{IN_BRACKETS}|{NORTH_AMERICAN}|{TRUNK_ZERO}|{GROUPED}){EXTENSION}"
    r"(?![\w]|[-.,/:][0-9])"
)
DIGITS = "0123456789"
LEAST_DIGITS = 9  # a date written 05.06.2024 has eight
MOST_DIGITS = 15  # ITU-T E.164


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """Telephone numbers in international form and in common national forms.

    Bare digits are no telephone number, and neither is a number after "order", "invoice" and
    the like: a wrong redaction there would hide what the trace is about. Other groups of digits count where
    the numbering plan of a region of `locales` (all without any) has such a number.

    >>> list(PhoneNumber().find("call +44 20 7946 0958, order 3348917502"))
    [Span(start=5, end=21)]
    """

    version: ClassVar[int] = 2
    type: ClassVar[str] = "PHONE"
    precedence: ClassVar[int] = 80
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = (
        r"\+[ .()/-]{0,4}[1-9](?:[ .()/-]{0,3}[0-9]){7}",
        r"[^0-9]00[ .()/-]{0,4}[1-9](?:[ .()/-]{0,3}[0-9]){7}",
        r"\([0-9]{2,5}\)[ .-]?[0-9]{2}",
        "[^0-9][2-9][0-9]{2}[ .-][2-9][0-9]{2}[ .-][0-9]{4}",
        "[^0-9]0[1-9](?:[ ./-]?[0-9]){7}",
        "[^0-9][2-9][0-9]{1,2}[ .-][0-9]{2,4}[ .-][0-9]{2}",
    )
    reach: ClassVar[Reach | None] = Reach(90, 72)
    locales: tuple[str, ...] = ()

    def find(self, text: str) -> Iterator[Span]:
        """Each number, without what stands around it."""
        for match in NUMBER.finditer(text):
            if self._is_phone(text, match):
                yield Span(*match.span())

    def _is_phone(self, text: str, match: re.Match[str]) -> bool:
        written = match.group().partition("e")[0].partition("x")[0]
        if not LEAST_DIGITS <= sum(map(written.count, DIGITS)) <= MOST_DIGITS or is_date(written):
            return False
        if match.group(1) is not None and written.startswith("+"):
            return True
        if is_other_number(text[max(0, match.start() - 40) : match.start()], self._other_words):
            return False
        if match.group("grouped") is None:
            return True
        return not is_amount(text, match.end()) and is_valid_number(written, self._regions)

    @cached_property
    def _regions(self) -> tuple[str, ...]:
        return tuple(region for locale in locales(self.locales) for region in locale.phone_regions)

    @cached_property
    def _other_words(self) -> tuple[str, ...]:
        return all_words(self.locales, "other_number_words")
