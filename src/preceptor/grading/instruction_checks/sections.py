"""The text has so many sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.counted_check import CountedCheck


@dataclass(frozen=True, kw_only=True)
class Sections(CountedCheck):
    """The number of sections, each opened by the marker and a number (`SECTION 1`), is within bounds.

    >>> Sections(marker="Day", at_least=2).problem("Day 1: rest. Day 2: walk.")
    ''
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "sections"
    marker: str = "SECTION"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.marker.strip():
            raise InputError("marker is empty; write the word that opens a section, such as SECTION")

    def count(self, text: str) -> int:
        """How many numbered markers."""
        return sum(1 for _ in re.finditer(re.escape(self.marker.strip()) + r"\s?\d+", text))
