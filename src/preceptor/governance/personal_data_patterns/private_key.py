"""Private keys in PEM form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

START = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
END = "-----END"


@dataclass(frozen=True, kw_only=True)
class PrivateKey:
    r"""From the line that begins a private key to the line that ends it, or to the end of a text that is cut off.

    >>> list(PrivateKey().find("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nbye"))
    [Span(start=0, end=58)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "SECRET"
    precedence: ClassVar[int] = 19
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = ("-----BEGIN [A-Z ]{0,40}PRIVATE KEY",)
    reach: ClassVar[Reach | None] = None

    def find(self, text: str) -> Iterator[Span]:
        """Each key."""
        start = START.search(text)
        while start:
            ending = text.find(END, start.end())
            line_end = text.find("\n", ending) if ending >= 0 else -1
            end = line_end if line_end >= 0 else len(text)
            yield Span(start.start(), end)
            start = START.search(text, end)
