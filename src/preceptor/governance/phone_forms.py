"""What the ways of finding a telephone number share: its parts, and what only looks like one."""

from __future__ import annotations

import re

EXTENSION = r"(?: ?(?:x|ext\.?) ?[0-9]{1,6})?"
DATE = re.compile(
    r"(?:0[1-9]|[12][0-9]|3[01])([./-])(?:0[1-9]|1[0-2])\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[.-][01][0-9][.-]"
)
AMOUNT = re.compile(
    r" ?(?:[€$£%=<>*+×]|(?:euros?|eur|usd|dollars?|d[oó]lares|pesos|km|kg|m²|habitantes|inhabitants)\b)", re.IGNORECASE
)
SIGNS = " :#.=-\"'(\n\t"
FILLERS = (" is", " was", " es", " number", " no", " id", " code", " número", " numero")
MOST_FILLERS = 3


def is_date(written: str) -> bool:
    """True where the digits begin as a date.

    >>> is_date("2026-05-20 1230"), is_date("212-555-0142")
    (True, False)
    """
    return DATE.match(written) is not None


def is_amount(text: str, end: int) -> bool:
    """True where a unit or a sign of arithmetic follows the number that ends there.

    >>> is_amount("612 345 678 euros", 11), is_amount("600-198-209=193", 11), is_amount("612 345 678 please", 11)
    (True, True, False)
    """
    return AMOUNT.match(text, end) is not None


def is_other_number(before: str, words: tuple[str, ...]) -> bool:
    """True where the text before a number ends in one of the words, with at most a filler such as "number" between.

    >>> is_other_number("about order number: ", ("order",)), is_other_number("to order, call ", ("order",))
    (True, False)
    """
    said = before.lower().rstrip(SIGNS)
    for _ in range(MOST_FILLERS):
        if said.endswith(words):
            longest = next(word for word in words if said.endswith(word))
            if not said[: -len(longest)][-1:].isalnum():
                return True
        if not said.endswith(FILLERS):
            return False
        said = said.rpartition(" ")[0].rstrip(SIGNS)
    return False
