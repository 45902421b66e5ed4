"""How long to wait before a request is sent again."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
LONGEST_RETRY_AFTER_SECONDS = 300.0
MOST_RATE_LIMITED_TRIES = 50


def wait_seconds(attempt: int, retry_after: float | None, random: Callable[[], float]) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 0): exponential back-off with full jitter.

    Jitter keeps many clients that failed together from coming back together. What the server
    asked for is never undercut; a little is added to it for the same reason. `random` gives
    numbers from 0 up to 1.

    >>> [wait_seconds(attempt, None, lambda: 0.5) for attempt in (0, 1, 2, 20)]
    [0.25, 0.5, 1.0, 15.0]
    >>> wait_seconds(0, 7.0, lambda: 0.5)
    7.25
    """
    if retry_after is not None:
        return retry_after + random() * FIRST_WAIT_SECONDS
    longest: float = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempt, 30))
    return random() * longest


def parse_retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for (a number or an HTTP date), or None when it says nothing usable.

    >>> parse_retry_after("Tue, 24 Nov 2026 12:00:09 GMT", datetime(2026, 11, 24, 12, tzinfo=UTC))
    9.0
    >>> parse_retry_after("soon", datetime(2026, 11, 24, 12, tzinfo=UTC)) is None
    True
    """
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text, now)
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_until(text: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
