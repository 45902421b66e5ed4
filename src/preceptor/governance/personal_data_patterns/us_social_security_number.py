"""Numbers that look like a United States Social Security number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Span

# The separators are required: nine bare digits are more often an order number.
NUMBER = re.compile(r"(?<![\w-])(?!000|666)[0-9]{3}([ -])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![\w-])")


@dataclass(frozen=True, kw_only=True)
class UsSocialSecurityNumber:
    """Nine digits written 3-2-4, leaving out those that are never issued; 9xx stays in, it is a taxpayer's number.

    >>> list(UsSocialSecurityNumber().find("my number is 078-05-1120"))
    [Span(start=13, end=24)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "US_SSN"
    precedence: ClassVar[int] = 60

    def find(self, text: str) -> Iterator[Span]:
        """Each number."""
        for match in NUMBER.finditer(text):
            yield Span(*match.span())
