"""Numbers written in a text, as exact values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

MAX_DIGITS = 400
MAX_EXPONENT = 400

_SIGNS = r"\-+\u2212\u2013"  # hyphen, plus, minus sign, en dash
_SPACES = r"\u00a0\u202f\u2009"
_CURRENCY = r"$\u20ac\u00a3\u00a5\u20b9"
_POWER = rf"[{_SIGNS}]?\d{{1,9}}"
_EXPONENT = (
    rf"[eE](?P<e>{_POWER})(?!\w)"
    rf"|\s?(?:\u00d7|x|\*|\\times)\s?10(?:\^|\*\*)\{{?(?P<ten>{_POWER})"
)
_PLAIN_SIGN = str.maketrans({"\u2212": "-", "\u2013": "-"})


@dataclass(frozen=True, kw_only=True)
class WrittenNumber:
    """A number as it stands in a text; `value` is None for one with hundreds of digits, which is not read."""

    text: str
    value: Fraction | None
    is_percent: bool


@dataclass(frozen=True, kw_only=True)
class NumberStyle:
    """How numbers are written: which sign parts the decimals, and whether `3/4` is one number."""

    decimal: Literal["point", "comma"] = "point"
    fractions: bool = False


def numbers_in(text: str, style: NumberStyle) -> Iterator[WrittenNumber]:
    """The numbers in the order of the text, reading it once.

    Read are signs (the Unicode minus too), thousands separators (the other one of point and
    comma, an apostrophe, an underscore, a narrow or no-break space), decimals, `1e5`, `3 x 10^5`,
    currency signs before and a percent sign after. Digits inside a word (`B2B`) are no number,
    and a hyphen between two of them (`3-5`) is no sign.

    >>> [number.text for number in numbers_in("From $1,299.50 to -3 % in GPT4", NumberStyle())]
    ['$1,299.50', '-3 %']
    """
    for match in _pattern(style.decimal, style.fractions).finditer(text):
        yield WrittenNumber(text=match.group().strip(), value=_value(match), is_percent=bool(match.group("percent")))


@lru_cache
def _pattern(decimal: str, fractions: bool) -> re.Pattern[str]:
    point, group = (r"\.", ",") if decimal == "point" else (",", r"\.")
    # At most 40 groups: an open repeat could take the square of the length on a long row of them.
    whole = rf"\d{{1,3}}(?:[{group}'’_{_SPACES}]\d{{2,3}}){{0,40}}[{group}'’_{_SPACES}]\d{{3}}(?!\d)|\d++"
    fraction = r"(?:(?P<mixed>(?<=\d) \d{1,40})?/(?P<below>\d{1,40})(?![\w/]))?" if fractions else ""
    return re.compile(
        rf"(?:(?<![\w{_SIGNS}])(?P<sign>[{_SIGNS}]))?(?:[{_CURRENCY}]\s?)?"
        rf"(?:(?<![^\W\d])|(?<=USD)|(?<=EUR)|(?<=GBP)|(?<=CHF)|(?<=JPY)|(?<=INR))(?<!\d)(?<!\d{point})"
        rf"(?:(?P<whole>{whole})(?:{point}(?P<part>\d++))?|{point}(?P<only>\d++))(?:{_EXPONENT})?{fraction}"
        r"(?P<percent>\s?[%\uff05\u066a])?"
    )


def _value(match: re.Match[str]) -> Fraction | None:
    whole = re.sub(r"\D", "", match.group("whole") or "0")
    part = match.group("part") or match.group("only") or ""
    exponent = int((match.group("e") or match.group("ten") or "0").translate(_PLAIN_SIGN))
    if len(whole) + len(part) > MAX_DIGITS or abs(exponent) > MAX_EXPONENT:
        return None
    value = Fraction(Decimal(f"{whole}.{part or 0}e{exponent}"))
    groups = match.groupdict()
    if groups.get("below"):
        below = int(groups["below"])
        if not below:
            return None
        mixed = groups.get("mixed")
        value = value + Fraction(int(mixed), below) if mixed else value / below
    return -value if (match.group("sign") or "+").translate(_PLAIN_SIGN) == "-" else value
