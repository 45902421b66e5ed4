"""Addresses of web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

ADDRESS = re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"'`{}|\\^]{3,2048}+", re.IGNORECASE)
NOBODYS = re.compile(r"https?://[^/]*\.invalid(?:[:/]|$)", re.IGNORECASE)  # RFC 2606: pseudonyms stand there


@dataclass(frozen=True, kw_only=True)
class Url:
    """Web addresses. Most name nobody, so they are looked for only where the type URL is asked for.

    >>> list(Url().find("my site is https://example.org/~ada."))
    [Span(start=11, end=35)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "URL"
    precedence: ClassVar[int] = 90
    is_default: ClassVar[bool] = False
    triggers: ClassVar[tuple[str, ...]] = (r"https?://[^\s]|www\.[^\s]",)
    reach: ClassVar[Reach | None] = Reach(24, 2100)

    def find(self, text: str) -> Iterator[Span]:
        """Each address, without the sign that ends a sentence."""
        for match in ADDRESS.finditer(text):
            address = match.group().rstrip(".,;:!?)]")
            if NOBODYS.match(address):
                continue
            yield Span(match.start(), match.start() + len(address))
