"""Say which of two answers is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of


@dataclass(frozen=True, kw_only=True)
class Pairwise:
    """The name of the better answer, or of a tie; without `tie` annotators must decide.

    >>> Pairwise().read("a"), Pairwise(first="1", second="2", tie="0").read(0)
    ('a', '0')
    """

    version: ClassVar[int] = 1

    first: str = "a"
    second: str = "b"
    tie: str | None = "tie"

    def __post_init__(self) -> None:
        names = self._names()
        if len(set(names)) < len(names) or any(not name or name != name.strip() for name in names):
            raise InputError(f"first, second and tie are {names!r}; give different names without spaces around them")

    def read(self, value: JsonValue) -> JsonValue:
        """The name of what was chosen; InputError for anything else."""
        text = text_of(value).strip()
        if text not in self._names():
            raise InputError(f"{value!r} is none of {', '.join(map(repr, self._names()))}")
        return text

    def distance(self, first: JsonValue, second: JsonValue) -> float:
        """0 for the same choice, 1 for two different ones; a tie is as far from either as they from each other."""
        return float(first != second)

    def _names(self) -> list[str]:
        return [self.first, self.second, *([self.tie] if self.tie is not None else [])]
