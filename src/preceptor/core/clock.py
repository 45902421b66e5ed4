"""The time, handed in as an argument so that the same input gives the same result tomorrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the current moment, always with the UTC time zone."""


def system_clock() -> datetime:
    """The machine's own time, in UTC.

    >>> system_clock().tzinfo
    datetime.timezone.utc
    """
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds; sorts as text in the order of time.

    >>> to_text(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    '2026-11-24T12:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """The moment that an ISO 8601 text names; a text without a zone is read as UTC.

    Raises ValueError for anything else.

    >>> from_text("2026-11-24T12:00:00Z")
    datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.timezone.utc)
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
