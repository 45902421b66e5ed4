"""The text is in a given language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.language_guess import KNOWN_LANGUAGES, possible_languages


@dataclass(frozen=True, kw_only=True)
class Language:
    """The text is in this language, by its ISO 639-1 code, as told from its script and its commonest words.

    A text whose language cannot be told, such as a name, is only held to the script.

    >>> Language(code="de").problem("The answer is in the other room.")
    "the language is 'en', not 'de'"
    """

    version: ClassVar[int] = 1
    code: str

    def __post_init__(self) -> None:
        if self.code not in KNOWN_LANGUAGES:
            raise InputError(f"code is {self.code!r}; languages that can be told: {', '.join(sorted(KNOWN_LANGUAGES))}")

    def problem(self, text: str) -> str:
        """The language that it is in instead."""
        possible = possible_languages(text)
        if self.code in possible:
            return ""
        said = repr(next(iter(possible))) if len(possible) == 1 else "in another script"
        return f"the language is {said}, not {self.code!r}"
