"""How many requests may be under way at once, and how fast they may start: learnt from what the server says."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Literal

from preceptor.models.provider import Resources
from preceptor.models.retry import FIRST_WAIT_SECONDS, LONGEST_RETRY_AFTER_SECONDS

FIRST_CONCURRENCY = 16
SHRINK = 0.8

Fate = Literal["answered", "limited", "failed"]
"""How an attempt ended, as the pace sees it: only `limited` (HTTP 429) says that we ask too much."""


@dataclass(kw_only=True)
class Rate:
    """So much a minute, spread evenly: each amount is given its moment, and the next comes after it.

    What starts in any minute is at most the rate and one request.
    """

    per_minute: float
    next_moment: float = 0.0

    def reserve(self, now: float, amount: float) -> float:
        """Seconds from `now` until this amount may start.

        >>> rate = Rate(per_minute=60)
        >>> rate.reserve(100.0, 1), rate.reserve(100.0, 1), rate.reserve(100.5, 1)
        (0.0, 1.0, 1.5)
        """
        start = max(now, self.next_moment)
        self.next_moment = start + amount * 60 / self.per_minute
        return start - now

    def correct(self, difference: float) -> None:
        """Count so much more than was reserved, or less where it is below zero."""
        self.next_moment += difference * 60 / self.per_minute


@dataclass(frozen=True, kw_only=True)
class PaceLimits:
    """What the user's contract with the provider allows; None: no limit that we know of."""

    max_concurrency: int = 64
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None


class Pace:
    """The pace of one connection: callers with any number of workers just wait in `enter`.

    The number of requests under way (`limit`) starts at 16. It grows by one with each answer until
    the first 429, which doubles it every round trip, and by one a round trip after that, as TCP
    does; only while it is made use of. A 429 multiplies it by 0.8, once for all requests that were
    under way together. Server errors leave it alone: they do not say that we ask too much.
    A `Retry-After` holds back everybody's next request, until the time is over or an answer shows
    that the server takes requests after all.
    """

    def __init__(self, limits: PaceLimits, resources: Resources) -> None:
        self.limit = float(min(FIRST_CONCURRENCY, limits.max_concurrency))
        self.num_under_way = 0
        self.num_answered = 0
        self.num_shrunk = 0
        self._limits = limits
        self._resources = resources
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._paused_until: float | None = None
        self._requests = Rate(per_minute=limits.requests_per_minute) if limits.requests_per_minute else None
        self._tokens = Rate(per_minute=limits.tokens_per_minute) if limits.tokens_per_minute else None

    async def enter(self, num_tokens: int = 0, *, is_retry: bool = False) -> int:
        """The ticket for one attempt, once it may start; a retry stands before all others.

        Every ticket must be given to `leave`. `num_tokens` is an estimate of what the request takes.
        """
        await self._take_place(is_retry)
        wait = self._wait_seconds(num_tokens, is_retry)
        if wait > 0:
            try:
                await self._resources.sleep(wait)
            except asyncio.CancelledError:
                self.leave(self.num_shrunk, "failed")
                raise
        return self.num_shrunk

    def leave(self, ticket: int, fate: Fate, retry_after: float | None = None) -> None:
        """Give the place back and learn from how the attempt ended; `retry_after` in seconds."""
        if fate == "answered":
            self._grow()
        elif fate == "limited":
            self._shrink(ticket, retry_after)
        self.num_under_way -= 1
        self._let_in()

    def correct_tokens(self, estimate: int, actual: int | None) -> None:
        """Replace the estimate by what the answer says it took; None leaves the estimate."""
        if self._tokens is not None and actual is not None:
            self._tokens.correct(actual - estimate)

    async def _take_place(self, is_retry: bool) -> None:
        if self.num_under_way < int(self.limit) and (is_retry or not self._waiting):
            self.num_under_way += 1
            return
        place = asyncio.get_running_loop().create_future()
        if is_retry:
            self._waiting.appendleft(place)
        else:
            self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                # It was let in at the moment it was cancelled.
                self.num_under_way -= 1
                self._let_in()
            raise

    def _let_in(self) -> None:
        while self._waiting and self.num_under_way < int(self.limit):
            place = self._waiting.popleft()
            if not place.done():
                self.num_under_way += 1
                place.set_result(None)

    def _wait_seconds(self, num_tokens: int, is_retry: bool) -> float:
        wait = 0.0
        if self._paused_until is not None and not is_retry:  # A retry has waited for itself.
            rest = self._paused_until - self._resources.stopwatch()
            if rest > 0:
                wait = rest + self._resources.random() * FIRST_WAIT_SECONDS
        if self._requests is not None:
            wait = max(wait, self._requests.reserve(self._resources.stopwatch(), 1))
        if self._tokens is not None:
            wait = max(wait, self._tokens.reserve(self._resources.stopwatch(), num_tokens))
        return wait

    def _grow(self) -> None:
        self.num_answered += 1
        self._paused_until = None
        if self.num_under_way >= int(self.limit):
            step = 1 / self.limit if self.num_shrunk else 1.0
            self.limit = min(float(self._limits.max_concurrency), self.limit + step)

    def _shrink(self, ticket: int, retry_after: float | None) -> None:
        # A longer wait is not waited by anybody: each request is told so, and fails.
        if retry_after is not None and retry_after <= LONGEST_RETRY_AFTER_SECONDS:
            until = self._resources.stopwatch() + retry_after
            self._paused_until = max(self._paused_until or 0.0, until)
        if ticket == self.num_shrunk:
            self.num_shrunk += 1
            self.limit = max(1.0, self.limit * SHRINK)
