"""A score that came with the output: a reward, a user's vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The recorded score `name`; with a `threshold`, 1 at or above it and 0 below.

    Without a threshold the recorded value must itself lie between 0 and 1.

    >>> Recorded(name="reward", threshold=1.0).grade(Sample(output="", recorded_scores={"reward": 0.9})).value
    0.0
    """

    version: ClassVar[int] = 1
    name: str
    threshold: float | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise InputError("name is empty; name the recorded score")

    def grade(self, sample: Sample) -> Score:
        """The recorded value; None where none came with the output."""
        value = sample.recorded_scores.get(self.name)
        if value is None:
            names = ", ".join(sorted(sample.recorded_scores)) or "none"
            return Score(value=None, reason=f"no recorded score {self.name!r} came with it; there are: {names}")
        if self.threshold is not None:
            is_good = value >= self.threshold
            return Score(value=float(is_good), reason=f"{self.name} is {value:g}, the threshold {self.threshold:g}")
        if not 0 <= value <= 1:
            return Score(value=None, reason=f"{self.name} is {value:g}, not between 0 and 1; set a threshold")
        return Score(value=float(value), reason=f"{self.name} is {value:g}")
