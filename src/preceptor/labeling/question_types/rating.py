"""Give a number on a scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of

NEAR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A number from `minimum` to `maximum` in steps of `step`; `level` says whether only the order counts.

    >>> Rating(minimum=1, maximum=5).read("3")
    3
    """

    version: ClassVar[int] = 1

    minimum: float
    maximum: float
    step: float = 1.0
    level: Literal["ordinal", "interval"] = "ordinal"

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (self.minimum, self.maximum, self.step)):
            raise InputError("minimum, maximum and step must be finite numbers")
        if self.step <= 0 or self.maximum <= self.minimum:
            raise InputError(
                f"minimum {self.minimum:g}, maximum {self.maximum:g} and step {self.step:g} make no scale; "
                "give a maximum above the minimum and a step above 0"
            )
        if not _is_whole((self.maximum - self.minimum) / self.step):
            raise InputError(f"steps of {self.step:g} from {self.minimum:g} do not reach {self.maximum:g}; change one")

    def read(self, value: JsonValue) -> JsonValue:
        """The number, whole where it is; InputError for one that is not on the scale."""
        try:
            number = float(text_of(value).strip())
        except ValueError:
            number = math.nan
        if isinstance(value, bool) or not self.minimum - NEAR <= number <= self.maximum + NEAR:
            raise InputError(f"{value!r} is no number {self._scale()}")
        steps = (number - self.minimum) / self.step
        if not _is_whole(steps):
            raise InputError(f"{value!r} is no number {self._scale()}")
        # Rounded, so that 0.1 + 0.2 and 0.3 are one answer.
        exact = round(self.minimum + round(steps) * self.step, 9)
        return int(exact) if exact.is_integer() else exact

    def distance(self, first: JsonValue, second: JsonValue) -> float:
        """The squared number of steps between the two."""
        steps = (float(text_of(first)) - float(text_of(second))) / self.step
        return float(round(steps) ** 2)

    def _scale(self) -> str:
        return f"from {self.minimum:g} to {self.maximum:g} in steps of {self.step:g}"


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < NEAR * max(1.0, abs(number))
