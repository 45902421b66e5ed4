"""The text holds several different answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Responses:
    r"""So many answers, all different, with the divider between every two and nothing empty between dividers.

    >>> Responses(count=2).problem("Yes.\n******\nYes.")
    'two answers are the same'
    """

    version: ClassVar[int] = 1
    count: int = 2
    divider: str = "******"

    def __post_init__(self) -> None:
        if self.count < 1 or not self.divider:
            raise InputError(f"count is {self.count}, divider {self.divider!r}; ask for 1 answer or more, parted by it")

    def problem(self, text: str) -> str:
        """The number of answers, an empty one, or that two are the same."""
        parts = [part.strip() for part in text.split(self.divider)]
        if not all(parts[1:-1]):
            return "an answer between two dividers is empty"
        answers = [part for part in parts if part]
        if len(answers) != self.count:
            return f"{len(answers)} answers, {self.count} wanted"
        return "" if len(set(answers)) == len(answers) else "two answers are the same"
