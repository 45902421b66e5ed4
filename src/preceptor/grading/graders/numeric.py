"""The number in the output is the wanted one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue, at_path
from preceptor.grading.number_reading import NumberStyle, WrittenNumber, numbers_in
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample, Score

_PERCENT = Fraction(1, 100)


@dataclass(frozen=True, kw_only=True)
class Numeric:
    r"""1 when the output's number is the target's, within the tolerance.

    `take` says which number of the text counts. With a `marker` (`####`, `Answer:`) only what
    follows its last place counts, and an output without it is wrong. `path` reads a value of the
    output's JSON. The target is a number, or a text that is read in the same way (the marker
    may be missing there).

    The tolerance is the larger of `absolute_tolerance` and `relative_tolerance` times the
    target's size; numbers are compared exactly, so 0.1 + 0.2 is no trap. `decimal: comma` reads
    1.299,50 as 1299.5. `percent: share` takes 50 % for 0.5, otherwise for 50. `fractions` reads
    3/4 and 1 1/2 as one number.

    >>> Numeric(marker="####").grade(Sample(output="So 12 x 6 = 72.\n#### $1,072.00", target=1072)).value
    1.0
    """

    version: ClassVar[int] = 1
    take: Literal["last", "first"] = "last"
    marker: str = ""
    path: str = ""
    target_path: str = ""
    absolute_tolerance: float = 0.0
    relative_tolerance: float = 0.0
    decimal: Literal["point", "comma"] = "point"
    percent: Literal["number", "share"] = "number"
    fractions: bool = False

    def __post_init__(self) -> None:
        for name in ("absolute_tolerance", "relative_tolerance"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise InputError(f"{name} is {getattr(self, name)!r}; give 0 or more")

    def grade(self, sample: Sample) -> Score:
        """1, or 0 with both numbers in the reason; None only where the case wants no number."""
        target = at_path(sample.target, self.target_path) if self.target_path else sample.target
        wanted = self._number(target, is_target=True)
        if isinstance(wanted, Unreadable):
            return Score(value=None, reason=f"the case wants no number: the target {wanted.reason}")
        part = read_part(sample.output, self.path)
        got = part if isinstance(part, Unreadable) else self._number(part, is_target=False)
        if isinstance(got, Unreadable):
            return Score(value=0.0, reason=got.reason if got is part else f"the output {got.reason}")
        if abs(got - wanted) <= self._tolerance(wanted):
            return Score(value=1.0)
        return Score(value=0.0, reason=f"{_text(got)} is not {_text(wanted)}")

    def _number(self, value: JsonValue, *, is_target: bool) -> Fraction | Unreadable:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _exact(value)
        if not isinstance(value, str):
            return Unreadable(reason=f"is {shown(value)}, not a number")
        _, mark, after = value.rpartition(self.marker) if self.marker else ("", "x", value)
        if not mark and not is_target:
            return Unreadable(reason=f"has no {self.marker!r}")
        numbers = numbers_in(after, self._style)
        found = next(numbers, None) if self.take == "first" else next(iter(deque(numbers, maxlen=1)), None)
        if found is None:
            return Unreadable(reason=f"has no number{f' after {self.marker!r}' if self.marker and mark else ''}")
        return self._read(found)

    def _read(self, found: WrittenNumber) -> Fraction | Unreadable:
        if found.value is None:
            return Unreadable(reason=f"has a number that cannot be read: {shown(found.text, 40)}")
        return found.value * _PERCENT if found.is_percent and self.percent == "share" else found.value

    def _tolerance(self, wanted: Fraction) -> Fraction:
        absolute, relative = Fraction(repr(self.absolute_tolerance)), Fraction(repr(self.relative_tolerance))
        return max(absolute, relative * abs(wanted))

    @cached_property
    def _style(self) -> NumberStyle:
        return NumberStyle(decimal=self.decimal, fractions=self.fractions)


def _exact(value: float) -> Fraction | Unreadable:
    """The number that is written, 0.1 and not the binary fraction next to it."""
    if isinstance(value, float) and not abs(value) < float("inf"):
        return Unreadable(reason=f"is {value!r}, which is no number")
    return Fraction(value) if isinstance(value, int) else Fraction(Decimal(repr(value)))


def _text(value: Fraction) -> str:
    if value.denominator == 1 and abs(value) < 10**15:
        return str(value.numerator)
    try:
        return f"{float(value):.12g}"
    except OverflowError:
        return "a number beyond 1e308" if value > 0 else "a number below -1e308"
