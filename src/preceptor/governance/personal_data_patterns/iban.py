"""International bank account numbers (ISO 13616)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

START = re.compile(r"(?<![^\W_])[A-Za-z]{2}[0-9]{2}(?=[ -]?[A-Za-z0-9])")

# Characters in each country's IBAN, from the SWIFT registry.
LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FO FI FK GL NL SD", 19: "MK SI", 20: "AT BA EE KZ XK LT LU MN",
    21: "CR HR LV LI CH", 22: "BH BG GE DE IE ME RS GB VA", 23: "GI IL IQ OM SO TL AE",
    24: "AD CZ MD PK RO SA SK ES SE TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MR MC SM",
    28: "AL AZ BY CY DO SV GT HU LB NI PL", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
    33: "RU",
}  # fmt: skip
LENGTH_OF = {country: length for length, countries in LENGTHS.items() for country in countries.split()}


@dataclass(frozen=True, kw_only=True)
class Iban:
    """Bank account numbers of a known country whose check digits are right, with or without spaces.

    >>> list(Iban().find("pay to GB29 NWBK 6016 1331 9268 19 today"))
    [Span(start=7, end=34)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "IBAN"
    precedence: ClassVar[int] = 40
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = ("[^A-Za-z0-9][A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]",)
    reach: ClassVar[Reach | None] = Reach(16, 80)

    def find(self, text: str) -> Iterator[Span]:
        """Each account number."""
        after = 0
        for match in START.finditer(text):
            length = LENGTH_OF.get(match.group()[:2].upper())
            if length is None or match.start() < after:
                continue
            end = _end_of(text, match.start(), length)
            if end is not None:
                after = end
                yield Span(match.start(), end)


def _end_of(text: str, start: int, length: int) -> int | None:
    digits, at = "", start
    while at < len(text) and len(digits) < length:
        character = text[at]
        if character.isascii() and character.isalnum():
            digits += character
        elif character not in " -" or text[at - 1] in " -":
            return None
        at += 1
    is_whole = len(digits) == length and not text[at : at + 1].isalnum()
    return at if is_whole and _checks(digits) else None


def _checks(digits: str) -> bool:
    """ISO 7064, MOD 97-10: the letters count from A = 10."""
    moved = digits[4:] + digits[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1
