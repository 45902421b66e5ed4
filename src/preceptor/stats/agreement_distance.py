"""How far apart two answers are, as points in space, so that sums over pairs become sums over answers.

Source of the four distances: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability. The points:
classical scaling (Torgerson 1952; Gower 1966); a distance that fits no real space gets negative signs, so
every symmetric distance is kept exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from preceptor.core.errors import InputError

Value = TypeVar("Value")
Floats = NDArray[np.float64]

MAX_VALUES = 500
NEGLIGIBLE = 1e-13


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Points of the values: the distance of two is the sum over dimensions of sign times squared difference."""

    points: Floats
    signs: Floats
    largest: float

    @property
    def norms(self) -> Floats:
        """The signed squared length of each point."""
        norms: Floats = (self.points**2) @ self.signs
        return norms


def nominal(num_values: int) -> Metric:
    """0 for the same value, 1 for two different ones."""
    _refuse_too_many(num_values)
    return Metric(points=np.eye(num_values) / np.sqrt(2.0), signs=np.ones(num_values), largest=1.0)


def interval(numbers: Sequence[float]) -> Metric:
    """The squared difference of the numbers."""
    return _on_a_line(np.asarray(numbers, np.float64))


def ordinal(numbers: Sequence[float], counts: Floats) -> Metric:
    """The squared number of answers between the two values, half of their own included.

    `counts` is how often each value was given. The distance stays as it is when answers are
    weighed anew, as in Krippendorff's own bootstrap.
    """
    order = np.argsort(np.asarray(numbers, np.float64))
    ranks = np.empty(len(order))
    ranks[order] = np.cumsum(counts[order]) - counts[order] / 2.0
    return _on_a_line(ranks)


def ratio(numbers: Sequence[float]) -> Metric:
    """The squared difference over the squared sum; the numbers may not be negative."""
    values = np.asarray(numbers, np.float64)
    if (values < 0).any():
        raise InputError(f"a ratio scale has no negative numbers, found {float(values.min())!r}; use level interval")
    _refuse_too_many(len(values))
    difference = values[:, np.newaxis] - values
    total = values[:, np.newaxis] + values
    return _of_matrix(np.divide(difference, total, out=np.zeros_like(difference), where=total > 0) ** 2)


def custom(values: Sequence[Value], distance: Callable[[Value, Value], float]) -> Metric:
    """Any distance; it must be finite, not negative, symmetric, and 0 from a value to itself.

    Raises InputError, naming the two values, for one that is not.
    """
    _refuse_too_many(len(values))
    matrix = np.array([[distance(first, second) for second in values] for first in values], np.float64)
    matrix = matrix.reshape(len(values), len(values))
    wrong = (
        ~np.isfinite(matrix) | (matrix < 0) | (matrix != matrix.T) | ((matrix != 0) & np.eye(len(values), dtype=bool))
    )
    if wrong.any():
        row, column = (int(index) for index in np.argwhere(wrong)[0])
        raise InputError(
            f"the distance from {values[row]!r} to {values[column]!r} is {float(matrix[row, column])}; it must be "
            "finite, not negative, the same both ways, and 0 from a value to itself"
        )
    return _of_matrix(matrix)


def _on_a_line(numbers: Floats) -> Metric:
    if len(numbers) == 0:
        return Metric(points=np.zeros((0, 1)), signs=np.ones(1), largest=0.0)
    # The middle as origin: far from zero, the sums would cancel and lose their digits.
    middle = numbers.min() / 2.0 + numbers.max() / 2.0
    points = (numbers - middle)[:, np.newaxis]
    width = float(np.ptp(numbers))
    largest = width * width
    if not np.isfinite(largest):
        raise InputError("the numbers are too far apart to square their difference; rescale them")
    return Metric(points=points, signs=np.ones(1), largest=largest)


def _of_matrix(matrix: Floats) -> Metric:
    size = len(matrix)
    if size == 0:
        return Metric(points=np.zeros((0, 1)), signs=np.ones(1), largest=0.0)
    centre = np.eye(size) - 1.0 / size
    strengths, directions = np.linalg.eigh(-0.5 * centre @ matrix @ centre)
    keep = np.abs(strengths) > NEGLIGIBLE * max(float(np.abs(strengths).max()), 1e-300)
    points = directions[:, keep] * np.sqrt(np.abs(strengths[keep]))
    return Metric(points=points, signs=np.sign(strengths[keep]), largest=float(matrix.max()))


def _refuse_too_many(num_values: int) -> None:
    if num_values > MAX_VALUES:
        raise InputError(
            f"{num_values:,} different values, more than {MAX_VALUES}: free text is no scale to agree on; "
            "name the column of the choice, or use level interval for numbers"
        )
