"""The text gives one of the offered answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """One of the options stands in the text, to the letter.

    >>> OneOf(options=("My answer is yes.", "My answer is no.")).problem("My answer is no.")
    ''
    """

    version: ClassVar[int] = 1
    options: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.options or "" in self.options:
            raise InputError(f"options is {list(self.options)}; name the answers that are offered")

    def problem(self, text: str) -> str:
        """Says that there is none of them."""
        is_there = any(option in text for option in self.options)
        return "" if is_there else f"none of {', '.join(map(repr, self.options[:5]))}"
