"""Telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Span

# Separators between groups are required, so that each text can be read in one way only.
INTERNATIONAL = r"(?:\+|00)(?:[ .()/-]{0,3}[0-9]){8,15}"
IN_BRACKETS = r"(?:\+?1[ .-]?)?\([0-9]{2,5}\)[ .-]?[0-9]{2,8}(?:[ .-][0-9]{2,4}){0,3}"
NORTH_AMERICAN = r"(?:1[ .-])?[2-9][0-9]{2}([ .-])[2-9][0-9]{2}\2[0-9]{4}"
TRUNK_ZERO = r"0[1-9][0-9]{0,3}[ ./-][0-9]{2,8}(?:[ .-][0-9]{2,8}){0,4}"
EXTENSION = r"(?: ?(?:x|ext\.?) ?[0-9]{1,6})?"
NUMBER = re.compile(
    rf"(?<![\w+#-])(?<![0-9][.,])(?:({INTERNATIONAL})|{IN_BRACKETS}|{NORTH_AMERICAN}|{TRUNK_ZERO}){EXTENSION}"
    r"(?![\w]|[-.,/:][0-9])"
)
AFTER_A_WORD = re.compile(
    r"\b(?:phone|telephone|tel|mobile|cell|cellphone|fax|desk|whatsapp|(?:call|text|reach|ring) me (?:at|on))\b"
    r"(?:[:=]?\s{1,4}+|[^0-9+(\n]{0,20}+)(?P<number>[+(]{0,2}[0-9](?:[ .()/-]{0,2}[0-9]){6,14}(?!\d)"
    rf"{EXTENSION})(?!\w)",
    re.IGNORECASE,
)
# What stands before a number that looks like a telephone's but is not.
OTHER_NUMBER = re.compile(
    r"(?:order|invoice|ticket|ref|reference|tracking|case|reservation|booking|confirmation|sku|isbn|product|item|"
    r"account|policy|member|id)(?: ?(?:number|no|id|code|#))?[^\w]{0,4}(?:is |was )?$",
    re.IGNORECASE,
)
LEAST_DIGITS = 9  # a date written 05.06.2024 has eight
MOST_DIGITS = 15  # ITU-T E.164


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """Telephone numbers in international form, in common national forms, or after a word such as "phone".

    Bare digits are no telephone number, and neither is a number after "order", "invoice" and
    the like: a wrong redaction there would hide what the trace is about.

    >>> list(PhoneNumber().find("call +44 20 7946 0958, order 3348917502"))
    [Span(start=5, end=21)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "PHONE"
    precedence: ClassVar[int] = 80

    def find(self, text: str) -> Iterator[Span]:
        """Each number, without what stands around it."""
        found = [Span(*match.span()) for match in NUMBER.finditer(text) if _is_phone(text, match)]
        found += [Span(*match.span("number")) for match in AFTER_A_WORD.finditer(text)]
        after = 0
        for span in sorted(found):
            if span.start >= after:
                after = span.end
                yield span


def _is_phone(text: str, match: re.Match[str]) -> bool:
    digits = sum(character.isdigit() for character in re.split("[ex]", match.group())[0])
    if not LEAST_DIGITS <= digits <= MOST_DIGITS:
        return False
    is_international = match.group(1) is not None and match.group().startswith("+")
    before = text[max(0, match.start() - 40) : match.start()]
    return is_international or not OTHER_NUMBER.search(before)
