"""The text contains none of given characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class ForbiddenCharacters:
    """None of the characters stands in the text.

    >>> ForbiddenCharacters(characters=",;").problem("Yes, I do.")
    "contains ','"
    """

    version: ClassVar[int] = 1
    characters: str

    def __post_init__(self) -> None:
        if not self.characters:
            raise InputError("characters is empty; name those that must not occur")

    def problem(self, text: str) -> str:
        """The characters that are there."""
        present = [character for character in dict.fromkeys(self.characters) if character in text]
        return f"contains {', '.join(map(repr, present))}" if present else ""
