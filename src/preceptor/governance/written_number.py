"""A number that is known by how it is written: most national identifiers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from preceptor.governance.personal_data_pattern import Reach, Span

LONGEST = 40


@dataclass(frozen=True, kw_only=True)
class WrittenNumber:
    """Numbers of one form whose check `is_valid` says yes.

    `form` is an expression that both Python and Hyperscan read, of at most 40 characters: no looking around, no
    back-references. Letters may be large or small. A `trigger` that several numbers share keeps the scan fast.

    >>> number = WrittenNumber(type="TAX_NUMBER", form="T[0-9]{4}", is_valid=lambda value: value.endswith("7"))
    >>> list(number.find("numbers T1237 and T1238"))
    [Span(start=8, end=13)]
    """

    type: str
    form: str
    is_valid: Callable[[str], bool]
    trigger: str = ""
    precedence: int = 60
    is_default: bool = True

    @property
    def triggers(self) -> tuple[str, ...]:
        """The form, not inside a word, unless the number has a trigger of its own."""
        return (self.trigger,) if self.trigger else (rf"[^0-9A-Za-z_](?:{self.form})[^0-9A-Za-z_]",)

    @property
    def reach(self) -> Reach:
        """The longest value and what touches it."""
        return Reach(LONGEST + 8, LONGEST + 8)

    def find(self, text: str) -> Iterator[Span]:
        """Each number."""
        for match in self._expression.finditer(text):
            if self.is_valid(match.group()):
                yield Span(*match.span())

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{self.form})(?![\w-])", re.IGNORECASE)
