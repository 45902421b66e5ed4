"""Pick one of several named options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the `options`; two answers are the same or they are not.

    >>> Choice(options=("good", "bad")).read(" good ")
    'good'
    """

    version: ClassVar[int] = 1

    options: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.options) < 2:  # noqa: PLR2004 - one option is no question
            raise InputError(f"options has {len(self.options)}; give two or more")
        if len(set(self.options)) < len(self.options):
            raise InputError(f"options names one twice in {list(self.options)!r}; name each once")
        if any(not option or option != option.strip() for option in self.options):
            raise InputError(f"an option in {list(self.options)!r} is empty or has spaces around it; trim it")

    def read(self, value: JsonValue) -> JsonValue:
        """The option, without the spaces around it; InputError for anything else."""
        text = text_of(value).strip()
        if text not in self.options:
            raise InputError(f"{value!r} is none of the options {', '.join(map(repr, self.options))}")
        return text

    def distance(self, first: JsonValue, second: JsonValue) -> float:
        """0 for the same option, 1 for two different ones."""
        return float(first != second)
