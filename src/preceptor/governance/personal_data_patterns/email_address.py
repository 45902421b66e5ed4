"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Span

# An attempt starts only at the left end of a run and never gives characters back, so a run of
# a million letters without an @ is read once.
ADDRESS = re.compile(r"(?<![\w.%+-])[\w.%+-]++@(?:[\w-]{1,63}+\.){1,8}[^\W\d_]{2,24}(?![\w-])")


@dataclass(frozen=True, kw_only=True)
class EmailAddress:
    """E-mail addresses, also with letters outside ASCII.

    >>> list(EmailAddress().find("write to ada@example.org."))
    [Span(start=9, end=24)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "EMAIL"
    precedence: ClassVar[int] = 30

    def find(self, text: str) -> Iterator[Span]:
        """Each address."""
        if "@" in text:
            for match in ADDRESS.finditer(text):
                yield Span(*match.span())
