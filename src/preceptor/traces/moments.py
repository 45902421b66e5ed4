"""Read the moment at which a trace happened, as logs write it."""

from __future__ import annotations

from datetime import UTC, datetime

from preceptor.core.clock import from_text
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue

# From these sizes on, a number of seconds would lie after the year 5138: it counts smaller units.
MILLISECONDS_FROM, MICROSECONDS_FROM, NANOSECONDS_FROM = 1e11, 1e14, 1e17


def read_moment(value: JsonValue, where: str) -> datetime | None:
    """The moment in an ISO 8601 text or in a number of (milli, micro, nano)seconds since 1970; None for none.

    Raises InputError for anything else. A text without a zone is read as UTC.

    >>> read_moment(1_764_000_000_000, "created").isoformat()
    '2025-11-24T16:00:00+00:00'
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and not value.strip().replace(".", "", 1).isdigit():
            return from_text(value)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return _from_number(float(value))
    except (ValueError, OverflowError, OSError):
        pass
    raise InputError(f"{where} is {value!r:.80}; write a moment such as 2026-11-24T12:00:00Z")


def _from_number(number: float) -> datetime:
    for limit, units in ((NANOSECONDS_FROM, 1e9), (MICROSECONDS_FROM, 1e6), (MILLISECONDS_FROM, 1e3)):
        if number >= limit:
            return datetime.fromtimestamp(number / units, UTC)
    return datetime.fromtimestamp(number, UTC)
