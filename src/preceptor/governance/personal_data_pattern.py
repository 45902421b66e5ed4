"""What a personal-data pattern is: it knows one type of personal data by its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Protocol

from preceptor.core.registry import Registry


class Span(NamedTuple):
    """Where something stands in a text: from `start` up to, not including, `end`."""

    start: int
    end: int


class PersonalDataPattern(Protocol):
    """A plugin that finds one type of personal data; a frozen dataclass.

    `find` takes time linear in the text, whatever the text: it reads what strangers wrote.
    Where two patterns claim the same characters, the one with the lower `precedence` has them.
    """

    version: ClassVar[int]
    type: ClassVar[str]
    precedence: ClassVar[int]

    def find(self, text: str) -> Iterator[Span]:
        """Each place where this type stands, in order, not overlapping."""
        ...


personal_data_patterns: Registry[PersonalDataPattern] = Registry(
    kind="personal_data_pattern", folder="preceptor.governance.personal_data_patterns"
)
