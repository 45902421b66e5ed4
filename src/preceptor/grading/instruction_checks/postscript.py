"""The text has a postscript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Postscript:
    r"""The marker of a postscript stands in the text, whatever its case and the spaces after its points.

    >>> Postscript().problem("Yours, Ann\np. s. Call me.")
    ''
    """

    version: ClassVar[int] = 1
    marker: str = "P.S."

    def __post_init__(self) -> None:
        if not self.marker.strip():
            raise InputError("marker is empty; write it as P.S. or P.P.S")

    def problem(self, text: str) -> str:
        """Says that there is none."""
        return "" if self._pattern.search(text) else f"no postscript {self.marker!r}"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = self.marker.strip().split(".")
        return re.compile(r"\.\s?".join(re.escape(part.strip()) for part in parts), re.IGNORECASE)
