"""A check that counts something and wants the count between two bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError


@dataclass(frozen=True, kw_only=True)
class CountedCheck:
    """`at_least` and `at_most` so many; the same number in both asks for exactly that many."""

    unit: ClassVar[str] = "things"
    at_least: int | None = None
    at_most: int | None = None

    def __post_init__(self) -> None:
        low, high = self.at_least, self.at_most
        if low is None and high is None:
            raise InputError("neither at_least nor at_most is set; give one")
        if min(low or 0, high or 0) < 0:
            raise InputError(f"at_least is {low}, at_most {high}; a count is never below 0")
        if low is not None and high is not None and high < low:
            raise InputError(f"at_least is {low} and at_most {high}, which nothing meets; swap them")

    def problem(self, text: str) -> str:
        """The count and the bound that it breaks."""
        count = self.count(text)
        if self.at_least is not None and count < self.at_least:
            return f"{count} {self.unit}, at least {self.at_least} wanted"
        if self.at_most is not None and count > self.at_most:
            return f"{count} {self.unit}, at most {self.at_most} wanted"
        return ""

    def count(self, text: str) -> int:
        """How many there are in the text."""
        raise NotImplementedError
