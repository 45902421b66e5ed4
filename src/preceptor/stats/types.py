"""What several statistics share."""

from __future__ import annotations

from typing import NamedTuple


class Interval(NamedTuple):
    """The lower and upper end of a confidence interval; both ends belong to it."""

    low: float
    high: float
