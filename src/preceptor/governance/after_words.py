"""A value that is personal data because of the word before it: a date of birth, the number of a passport."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from preceptor.governance.personal_data_pattern import Reach, Span
from preceptor.governance.word_expression import words_in_bytes, words_in_text

LONGEST_GAP = 60
NOBODYS = re.compile(r"[^1-9]*[0-9][^0-9]*")  # zeros but for the last digit: what pseudonyms look like


def always(_value: str) -> bool:
    """True: the form alone decides."""
    return True


@dataclass(frozen=True, kw_only=True)
class AfterWords:
    r"""What has the form `value` and stands after one of `words`, with nothing but `fillers` and signs between.

    `value` is an expression for Python that matches at most 60 characters and holds a digit.

    >>> birth = AfterWords(type="DATE_OF_BIRTH", words=("born",), fillers=("on",), value=r"\d{4}-\d\d-\d\d")
    >>> list(birth.find("She was born on 1815-12-10, not on 1816-01-01"))
    [Span(start=16, end=26)]
    """

    type: str
    words: tuple[str, ...]
    value: str
    fillers: tuple[str, ...] = ()
    is_valid: Callable[[str], bool] = always
    precedence: int = 55
    is_default: bool = True

    @property
    def triggers(self) -> tuple[str, ...]:
        """A word, and a digit not far behind it."""
        return (rf"{words_in_bytes(self.words)}[^0-9]*[0-9]",)

    @property
    def reach(self) -> Reach:
        """Back to the word, on to the end of the value."""
        return Reach(LONGEST_GAP + 3 * max(map(len, self.words)) + 8, 72)

    def find(self, text: str) -> Iterator[Span]:
        """Each value, without the word."""
        for match in self._expression.finditer(text):
            if not NOBODYS.fullmatch(match.group("value")) and self.is_valid(match.group("value")):
                yield Span(*match.span("value"))

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        filler = rf"(?:(?:{words_in_text(self.fillers)})\W{{1,3}}){{0,3}}" if self.fillers else ""
        return re.compile(
            rf"{words_in_text(self.words)}\W{{0,6}}{filler}(?<![\w])(?P<value>{self.value})(?!\w)", re.IGNORECASE
        )
