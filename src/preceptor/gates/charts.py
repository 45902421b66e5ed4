"""Where the marks of the report's charts stand, in percent of the chart's width; the templates draw them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from preceptor.gates.report_types import CoverageRow, DeltaRow
from preceptor.triage.types import FailureMode

MOST_TICKS = 5
STEPS = (1, 2, 5, 10)
TINY = 1e-9

Reading = Literal["better", "worse", "no clear change", "no interval", "not measured"]


class Tick(NamedTuple):
    """A labelled place on an axis."""

    position: float
    value: float


class Axis(NamedTuple):
    """A scale from `low` to `high` with a tick at each round value, both ends among them."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def position(self, value: float) -> float:
        """Percent of the width; values outside the scale stand at its end."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)


class ForestMark(NamedTuple):
    """One row of a forest plot; None where there is no such figure."""

    point: float | None
    low: float | None
    high: float | None
    margin: float | None
    reading: Reading


class ForestPlot(NamedTuple):
    """Differences with their intervals on one scale; `zero` is where no change stands."""

    axis: Axis
    zero: float
    marks: tuple[ForestMark, ...]


class Bar(NamedTuple):
    """A rate as the length of a bar, with the ends of its interval."""

    length: float
    low: float
    high: float


class BarChart(NamedTuple):
    """Rates on one scale from zero."""

    axis: Axis
    bars: tuple[Bar, ...]


class Stretch(NamedTuple):
    """One status' part of a coverage strip."""

    status: str
    start: float
    length: float


def axis(values: Iterable[float]) -> Axis:
    """The smallest scale with round ends that holds zero and all values.

    >>> [tick.value for tick in axis([-0.03, 0.08]).ticks]
    [-0.05, 0.0, 0.05, 0.1]
    """
    held = [0.0, *values]
    low, high = min(held), max(held)
    if high - low < TINY:
        low, high = low - 0.05, high + 0.05
    step = _step((high - low) / MOST_TICKS)
    first, last = math.floor(low / step + TINY), math.ceil(high / step - TINY)
    bare = Axis(first * step, last * step, ())
    ticks = (round(index * step, 10) for index in range(first, last + 1))
    return bare._replace(ticks=tuple(Tick(bare.position(value), value) for value in ticks))


def forest_plot(rows: Sequence[DeltaRow]) -> ForestPlot:
    """The rows' differences, intervals and margins on a scale of their own."""
    ends = [end for row in rows if row.interval for end in row.interval]
    points = [row.difference for row in rows if row.difference is not None]
    margins = [-row.margin for row in rows if row.margin is not None]
    scale = axis([*ends, *points, *margins])
    return ForestPlot(scale, scale.position(0.0), tuple(_forest_mark(row, scale) for row in rows))


def reading(row: DeltaRow) -> Reading:
    """What the interval says of the change: better and worse only where it leaves zero out."""
    if row.difference is None:
        return "not measured"
    if row.interval is None:
        return "no interval"
    if row.interval.low <= 0 <= row.interval.high:
        return "no clear change"
    return "better" if row.interval.low > 0 else "worse"


def bar_chart(modes: Sequence[FailureMode]) -> BarChart:
    """The modes' rates with their intervals on one scale from zero."""
    scale = axis([mode.interval.high for mode in modes] + [mode.rate for mode in modes])
    bars = (
        Bar(scale.position(mode.rate), scale.position(mode.interval.low), scale.position(mode.interval.high))
        for mode in modes
    )
    return BarChart(scale, tuple(bars))


def status_strip(row: CoverageRow) -> tuple[Stretch, ...]:
    """Each status' part of all cases, side by side; those with no case are left out."""
    total = max(row.num_cases, sum(row.counts.values()))
    stretches: list[Stretch] = []
    before = 0
    for status, number in row.counts.items():
        if number:
            stretches.append(Stretch(status, round(100 * before / total, 2), round(100 * number / total, 2)))
        before += number
    return tuple(stretches)


def _forest_mark(row: DeltaRow, scale: Axis) -> ForestMark:
    return ForestMark(
        point=None if row.difference is None else scale.position(row.difference),
        low=None if row.interval is None else scale.position(row.interval.low),
        high=None if row.interval is None else scale.position(row.interval.high),
        margin=None if row.margin is None else scale.position(-row.margin),
        reading=reading(row),
    )


def _step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in STEPS if power * factor >= least * (1 - TINY))
