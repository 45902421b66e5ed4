"""Hardware addresses of network interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

ADDRESS = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])")
NOBODYS = {"000000000000", "ffffffffffff"}


@dataclass(frozen=True, kw_only=True)
class MacAddress:
    """Six pairs of hexadecimal digits (IEEE 802), which tell one device from all others.

    >>> list(MacAddress().find("device 00:00:5e:00:53:af"))
    [Span(start=7, end=24)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "MAC_ADDRESS"
    precedence: ClassVar[int] = 65
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = ("[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}[^0-9a-z]",)
    reach: ClassVar[Reach | None] = Reach(32, 16)

    def find(self, text: str) -> Iterator[Span]:
        """Each address."""
        for match in ADDRESS.finditer(text):
            if match.group().replace(match.group(1), "").lower() not in NOBODYS:
                yield Span(*match.span())
