"""Marks stand where a ruler would put them; every expected position is worked out by hand."""

from __future__ import annotations

import pytest

from preceptor.gates.charts import axis, bar_chart, forest_plot, reading, status_strip
from preceptor.gates.report_types import CoverageRow, DeltaRow
from preceptor.stats.types import Interval
from preceptor.triage.types import FailureMode


def _row(difference, interval, margin=None):
    return DeltaRow(
        name="valid",
        n=100,
        baseline_mean=None,
        candidate_mean=None,
        difference=difference,
        interval=interval,
        confidence=0.95,
        p_value=None,
        test="",
        margin=margin,
    )


def test_an_axis_has_round_ends_and_holds_all_values():
    """A range of 0.26 in at most five steps: 0.052, so steps of 0.1, from -0.1 to 0.2."""
    found = axis([-0.06, 0.2])
    assert (found.low, found.high) == pytest.approx((-0.1, 0.2))
    assert [tick.value for tick in found.ticks] == [-0.1, 0.0, 0.1, 0.2]
    assert [tick.position for tick in found.ticks] == [0.0, 33.33, 66.67, 100.0]


def test_an_axis_without_values_is_small_and_centred():
    found = axis([])
    assert (found.low, found.high) == pytest.approx((-0.06, 0.06))
    assert found.position(0.0) == 50.0


def test_a_value_outside_the_scale_stands_at_its_end():
    found = axis([0.0, 1.0])
    assert (found.position(-3.0), found.position(3.0)) == (0.0, 100.0)


@pytest.mark.parametrize("size", [1e-6, 0.3, 7.0, 250.0, 1e9])
def test_an_axis_has_two_to_seven_ticks_whatever_the_units(size):
    ticks = axis([-size / 3, size]).ticks
    assert 2 <= len(ticks) <= 7
    assert ticks[0].value <= -size / 3
    assert ticks[-1].value >= size


def test_a_point_its_interval_and_its_margin_stand_on_the_axis():
    """From -0.1 to 0.2 is 0.3 wide: 0.05 stands at 0.15/0.3, -0.06 at 0.04/0.3, 0.2 at the end, -0.02 at 0.08/0.3."""
    plot = forest_plot([_row(0.05, Interval(-0.06, 0.2), margin=0.02)])
    (mark,) = plot.marks
    assert plot.zero == 33.33
    assert (mark.point, mark.low, mark.high, mark.margin) == (50.0, 13.33, 100.0, 26.67)


def test_a_row_without_figures_has_no_marks():
    (mark,) = forest_plot([_row(None, None)]).marks
    assert (mark.point, mark.low, mark.high, mark.margin) == (None, None, None, None)
    assert mark.reading == "not measured"


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval(0.01, 0.2), "better"),
        (Interval(-0.2, -0.01), "worse"),
        (Interval(0.0, 0.2), "no clear change"),
        (Interval(-0.1, 0.2), "no clear change"),
        (None, "no interval"),
    ],
)
def test_a_change_is_clear_only_where_the_interval_leaves_zero_out(interval, expected):
    assert reading(_row(0.1, interval)) == expected


def test_a_bar_is_as_long_as_its_rate():
    """The highest end 0.34 in at most five steps: 0.068, so steps of 0.1 to 0.4; 0.25 is 62.5 % of that."""
    mode = FailureMode(
        category="invalid_json",
        severity="P1",
        num_traces=30,
        num_total=120,
        rate=0.25,
        interval=Interval(0.18, 0.34),
        confidence=0.95,
        root_causes={},
        trace_ids=(),
    )
    (bar,) = bar_chart([mode]).bars
    assert (bar.length, bar.low, bar.high) == (62.5, 45.0, 85.0)


def test_a_strip_shows_each_status_in_its_share():
    """115, 3 and 2 of 120 are 95.83, 2.5 and 1.67 percent."""
    row = CoverageRow(
        side="candidate", target="", num_cases=120, counts={"ok": 115, "model_error": 3, "skipped": 0, "no result": 2}
    )
    assert status_strip(row) == (("ok", 0.0, 95.83), ("model_error", 95.83, 2.5), ("no result", 98.33, 1.67))


def test_a_strip_of_no_cases_is_empty():
    assert status_strip(CoverageRow(side="baseline", target="", num_cases=0, counts={"ok": 0})) == ()
