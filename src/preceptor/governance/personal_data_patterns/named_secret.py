"""Keys and passwords that stand after their name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.governance.personal_data_locale import all_words
from preceptor.governance.personal_data_pattern import Reach, Span
from preceptor.governance.word_expression import letters_in_bytes

NAMES_OF_KEYS = (
    r"(?:api|access|secret|private|account|auth|encryption)[_-]?key|client[_-]?secret|aws_secret_access_key|secret|"
    r"(?:auth|access|refresh)[_-]?token|token|bearer"
)
LEAST_TOKEN_CHARACTERS = 12
LEAST_BITS_A_CHARACTER = 3.0  # English words lie below 3, random letters and digits of this length above


@dataclass(frozen=True, kw_only=True)
class NamedSecret:
    """What stands after `password:`, `api_key=` and the like.

    It counts when it is no plain word: letters with digits or signs for a password, and enough
    surprise in its characters for a key. `locales` are those whose words for a password are known; all without any.

    >>> list(NamedSecret().find("token=8fK2mQ9xZ4wL7vB1 please"))
    [Span(start=6, end=22)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "SECRET"
    precedence: ClassVar[int] = 21
    is_default: ClassVar[bool] = True
    reach: ClassVar[Reach | None] = Reach(72, 560)
    locales: tuple[str, ...] = ()

    @property
    def triggers(self) -> tuple[str, ...]:
        """A name, and the sign after it."""
        words = "|".join([NAMES_OF_KEYS, *map(letters_in_bytes, self._password_words)])
        return (rf"(?:{words})\\?[\"']?[ \t]{{0,3}}(?:[:=]|is |es )", r"bearer[ \t]")

    def find(self, text: str) -> Iterator[Span]:
        """Each secret, in order."""
        for match in self._expression.finditer(text):
            if _is_secret(match.group("value"), is_password=match.group("password") is not None):
                yield Span(*match.span("value"))

    @cached_property
    def _password_words(self) -> tuple[str, ...]:
        return all_words(self.locales, "password_words")

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:(?P<password>{'|'.join(map(re.escape, self._password_words)) or '(?!)'})|{NAMES_OF_KEYS})"
            r"\\?[\"']?[ \t]{0,3}(?:[:=]|(?:is|es)\b|(?<=bearer) )[ \t]{0,3}\\?[\"']?"
            r"(?:bearer )?(?P<value>[^\s\"'\\,;<>(){}\[\]&]{6,512}+)",
            re.IGNORECASE,
        )


def _is_secret(written: str, *, is_password: bool) -> bool:
    value = written.rstrip(".!?")
    has_letter = any(character.isalpha() for character in value)
    is_mixed = has_letter and any(not character.isalpha() for character in value)
    if is_password:
        return is_mixed
    return is_mixed and len(value) >= LEAST_TOKEN_CHARACTERS and _bits(value) >= LEAST_BITS_A_CHARACTER


def _bits(value: str) -> float:
    """Shannon's entropy of the characters, in bits for each."""
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)
