"""Read an SPDX licence expression: which sets of licences one may choose to follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preceptor.core.errors import InputError

MAX_CHARACTERS = 1_000
MAX_DEPTH = 20
MAX_CHOICES = 64
_TOKEN = re.compile(r"\s*([()]|[A-Za-z0-9][A-Za-z0-9.:+-]*)")
_KEYWORDS = frozenset({"AND", "OR", "WITH"})

Choice = frozenset[str]


def licence_choices(expression: str) -> frozenset[Choice]:
    """Each choice is a set of licences of which all must be followed; an exception (`WITH`) only permits more.

    AND binds closer than OR, as the SPDX specification (annex D) has it; keywords may be written
    small. Raises InputError, with the place, for what is no expression, has more than 1,000
    characters, nests deeper than 20, or has more than 64 choices.

    >>> sorted(sorted(choice) for choice in licence_choices("MIT OR (GPL-2.0-only WITH GCC-exception-2.0 AND ISC)"))
    [['GPL-2.0-only', 'ISC'], ['MIT']]
    """
    if len(expression) > MAX_CHARACTERS:
        raise InputError(
            f"a licence has {len(expression):,} characters; write an SPDX expression of at most {MAX_CHARACTERS:,}"
        )
    reader = _Reader(list(_tokens(expression)), expression)
    choices = reader.either(0)
    if reader.next is not None:
        raise reader.fault("an end, AND, OR or WITH")
    return choices


def _tokens(expression: str) -> Iterator[str]:
    place, end = 0, len(expression.rstrip())
    while place < end:
        found = _TOKEN.match(expression, place)
        if found is None:
            raise InputError(
                f"licence {expression!r:.80} has {expression[place]!r} at {place}, which SPDX has no use for"
            )
        word = found.group(1)
        yield word.upper() if word.upper() in _KEYWORDS else word
        place = found.end()


class _Reader:
    """Descends an expression once, token by token."""

    def __init__(self, tokens: list[str], expression: str) -> None:
        self._tokens = tokens
        self._expression = expression
        self._at = 0

    @property
    def next(self) -> str | None:
        """The token that comes, None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def fault(self, wanted: str) -> InputError:
        """What to raise where something else should stand."""
        seen = "its end" if self.next is None else repr(self.next)
        return InputError(f"licence {self._expression!r:.80} has {seen} where {wanted} should stand")

    def either(self, depth: int) -> frozenset[Choice]:
        """One side of each OR."""
        choices = self._both(depth)
        while self._take("OR"):
            choices = self._bounded(choices | self._both(depth))
        return choices

    def _both(self, depth: int) -> frozenset[Choice]:
        choices = self._one(depth)
        while self._take("AND"):
            other = self._one(depth)
            choices = self._bounded(frozenset(left | right for left in choices for right in other))
        return choices

    def _one(self, depth: int) -> frozenset[Choice]:
        if depth > MAX_DEPTH:
            raise InputError(f"licence {self._expression!r:.80} nests deeper than {MAX_DEPTH}; write it flat")
        if self._take("("):
            choices = self.either(depth + 1)
            if not self._take(")"):
                raise self.fault("a closing bracket")
            return choices
        choice = frozenset({self._identifier("a licence")})
        if self._take("WITH"):
            self._identifier("an exception")
        return frozenset({choice})

    def _identifier(self, wanted: str) -> str:
        word = self.next
        if word is None or word in _KEYWORDS or word in "()":
            raise self.fault(wanted)
        self._at += 1
        return word

    def _take(self, token: str) -> bool:
        if self.next != token:
            return False
        self._at += 1
        return True

    def _bounded(self, choices: frozenset[Choice]) -> frozenset[Choice]:
        if len(choices) > MAX_CHOICES:
            raise InputError(
                f"licence {self._expression!r:.80} leaves more than {MAX_CHOICES} choices; write it simpler"
            )
        return choices
