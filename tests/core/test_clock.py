"""Moments are UTC and sort as texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from preceptor.core.clock import from_text, system_clock, to_text


def test_texts_come_back_as_the_same_moment():
    moment = datetime(2026, 11, 24, 13, 5, 7, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert from_text(to_text(moment)) == moment


def test_a_text_without_a_zone_is_utc():
    assert from_text("2026-01-01T00:00:00") == datetime(2026, 1, 1, tzinfo=UTC)


def test_other_zones_become_utc():
    assert from_text("2026-01-01T02:00:00+02:00") == datetime(2026, 1, 1, tzinfo=UTC)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="nonsense"):
        from_text("nonsense")


def test_the_system_clock_moves_on():
    assert system_clock() <= system_clock()
