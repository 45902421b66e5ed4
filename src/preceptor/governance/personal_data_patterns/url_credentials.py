"""User names and passwords written into a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.governance.personal_data_pattern import Reach, Span

CREDENTIALS = re.compile(r"(?<=://)[^\s/?#@:\"'<>]{0,256}+:[^\s/?#@\"'<>]{1,256}+(?=@)")


@dataclass(frozen=True, kw_only=True)
class UrlCredentials:
    """The `user:password` of a URL; the host stays readable.

    >>> list(UrlCredentials().find("postgresql://ada:s3cret@db/x"))
    [Span(start=13, end=23)]
    """

    version: ClassVar[int] = 1
    type: ClassVar[str] = "URL_CREDENTIALS"
    precedence: ClassVar[int] = 10
    is_default: ClassVar[bool] = True
    triggers: ClassVar[tuple[str, ...]] = (r"://[^\s/?#@]{1,512}@",)
    reach: ClassVar[Reach | None] = Reach(528, 8)

    def find(self, text: str) -> Iterator[Span]:
        """Each pair of user and password."""
        if "://" in text:
            for match in CREDENTIALS.finditer(text):
                yield Span(*match.span())
