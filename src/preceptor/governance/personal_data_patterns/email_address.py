"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

NOBODYS = ".invalid"  # RFC 2606: no such domain will ever exist; pseudonyms stand there
LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
LOCAL_PART = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}+\Z")
DOMAIN = re.compile(r"(?:[\w-]{1,63}+\.){1,8}[^\W\d_]{2,24}(?![\w-])")


@dataclass(frozen=True, kw_only=True)
class EmailAddress:
    """E-mail addresses, also with letters outside ASCII.

    >>> list(EmailAddress().find("write to ada@example.org."))
    [Span(start=9, end=24)]
    """

    version: ClassVar[int] = 2
    type: ClassVar[str] = "EMAIL"
    precedence: ClassVar[int] = 30
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = (r"[^\s@]@[^\s@]",)
    reach: ClassVar[Reach | None] = Reach(LONGEST_LOCAL_PART + 8, 560)

    def find(self, text: str) -> Iterator[Span]:
        """Each address."""
        after, at = 0, text.find("@")
        while at >= 0:
            domain = DOMAIN.match(text, at + 1)
            # One character more than may be, so that a longer run is seen to be none.
            local = domain and LOCAL_PART.search(text, max(after, at - LONGEST_LOCAL_PART - 1), at)
            if domain and local and not domain.group().lower().endswith(NOBODYS):
                after = domain.end()
                yield Span(local.start(), after)
            at = text.find("@", at + 1)
