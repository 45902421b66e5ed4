"""Numbers of payment cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

# Tried at each place where a number can start, because a card may follow other digits. Groups have
# three digits or more, as issuers print them.
NUMBER = re.compile(r"(?<!\w)(?<![0-9][.-])(?=((?=[3-6]|2[2-7]|1800|2131)[0-9]{3,19}(?:[ -][0-9]{3,6}){0,5}))")
LEAST_DIGITS = 12

# Issuers by first digits (ISO/IEC 7812) with the lengths that they use, longest first.
ISSUERS = (
    (re.compile(r"4"), (19, 16, 13)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3[689]"), (16, 14)),
    (re.compile(r"35|6011|64[4-9]|65|62"), (19, 18, 17, 16)),
    (re.compile(r"1800|2131"), (15,)),
    (re.compile(r"50|5[6-8]|6"), (19, 18, 17, 16, 15, 14, 13)),
    (re.compile(r"5018|5020|5038|5893|6304|6759|676[1-3]"), (12,)),
)


@dataclass(frozen=True, kw_only=True)
class PaymentCard:
    """Card numbers of 12 to 19 digits, of a known issuer and with a right check digit.

    One in ten of other numbers with such a start and length has a right check digit too.

    >>> list(PaymentCard().find("card 4111 1111 1111 1111 12/27"))
    [Span(start=5, end=24)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "CARD"
    precedence: ClassVar[int] = 50
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = ("[^0-9A-Za-z_][1-6](?:[ -]?[0-9]){11}",)
    reach: ClassVar[Reach | None] = Reach(40, 48)

    def find(self, text: str) -> Iterator[Span]:
        """Each card number."""
        after = 0
        for match in NUMBER.finditer(text):
            if match.start() >= after and match.end(1) - match.start() >= LEAST_DIGITS:
                end = _end_of(text, *match.span(1))
                if end is not None:
                    after = end
                    yield Span(match.start(), end)


def _end_of(text: str, start: int, end: int) -> int | None:
    places = [at for at in range(start, end) if text[at] not in " -"]
    digits = "".join(text[at] for at in places)
    for issuer, lengths in ISSUERS:
        if issuer.match(digits):
            for length in lengths:
                if length <= len(digits) and _stands_alone(text, places[length - 1]) and _luhn(digits[:length]):
                    return places[length - 1] + 1
    return None


def _stands_alone(text: str, last: int) -> bool:
    following = text[last + 1 : last + 2]
    return not (following.isalnum() or following == "_")


def _luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(doubled)) % 10 == 0
