"""The pace, with expected figures from the rule itself: +1 an answer, x 0.8 a 429, +1 a round trip after it."""

import asyncio
import dataclasses

import pytest

from preceptor.models.pacing import FIRST_CONCURRENCY, Pace, PaceLimits, Rate


def pace_of(resources, **limits) -> Pace:
    return Pace(PaceLimits(**limits), resources)


async def round_trip(pace: Pace, fate="answered", retry_after=None, count: int | None = None) -> int:
    """As many attempts as are let in at once, all ended in the same way; how many they were."""
    num_places = int(pace.limit) if count is None else count
    tickets = [await pace.enter() for _ in range(num_places)]
    for ticket in tickets:
        pace.leave(ticket, fate, retry_after)
    return num_places


async def test_the_first_round_trips_double_up_to_the_maximum(resources):
    pace = pace_of(resources, max_concurrency=100)
    # Only the first leaves while all places are taken, so waiting callers keep them taken below.
    sizes = []
    for _ in range(4):
        size = int(pace.limit)
        sizes.append(size)
        await asyncio.gather(*(one_of_many(pace, size) for _ in range(3 * size)))
    assert sizes[0] == FIRST_CONCURRENCY
    assert sizes[1] >= 2 * FIRST_CONCURRENCY
    assert pace.limit == 100


async def one_of_many(pace: Pace, _: int) -> None:
    ticket = await pace.enter()
    await asyncio.sleep(0)
    pace.leave(ticket, "answered")


async def test_a_pace_that_nobody_uses_up_does_not_grow(resources):
    pace = pace_of(resources)
    for _ in range(100):
        await round_trip(pace, count=1)
    assert pace.limit == FIRST_CONCURRENCY


async def test_all_429_of_one_round_trip_shrink_once(resources):
    pace = pace_of(resources)
    await round_trip(pace, "limited")
    assert pace.limit == FIRST_CONCURRENCY * 0.8
    await round_trip(pace, "limited")
    assert pace.limit == pytest.approx(FIRST_CONCURRENCY * 0.64)


async def test_never_below_one(resources):
    pace = pace_of(resources)
    for _ in range(50):
        await round_trip(pace, "limited")
    assert pace.limit == 1.0
    assert await asyncio.wait_for(pace.enter(), 1) == 50


async def test_server_errors_leave_the_pace_alone(resources):
    pace = pace_of(resources)
    for _ in range(10):
        await round_trip(pace, "failed")
    assert pace.limit == FIRST_CONCURRENCY


async def test_after_a_429_it_grows_by_one_a_round_trip(resources):
    """From 12.8: thirteen answers at full use add 1/12.8 + 1/12.9 + … — about one."""
    pace = pace_of(resources)
    await round_trip(pace, "limited")
    before = pace.limit
    for _ in range(12):
        tickets = [await pace.enter() for _ in range(int(pace.limit))]
        pace.leave(tickets[0], "answered")  # while all are under way
        for ticket in tickets[1:]:
            pace.leave(ticket, "failed")
    assert pace.limit - before == pytest.approx(12 / 13.3, rel=0.05)


async def test_more_callers_than_places_just_wait(resources):
    pace = pace_of(resources, max_concurrency=3)
    under_way = most = 0

    async def ask() -> None:
        nonlocal under_way, most
        ticket = await pace.enter()
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        pace.leave(ticket, "answered")

    await asyncio.gather(*(ask() for _ in range(50)))
    assert most == 3
    assert pace.num_under_way == 0


async def test_a_retry_stands_before_those_who_wait(resources):
    pace = pace_of(resources, max_concurrency=1)
    first = await pace.enter()
    order = []

    async def ask(name: str, *, is_retry: bool) -> None:
        ticket = await pace.enter(is_retry=is_retry)
        order.append(name)
        pace.leave(ticket, "answered")

    tasks = [asyncio.create_task(ask("new", is_retry=False)), asyncio.create_task(ask("retry", is_retry=True))]
    await asyncio.sleep(0)
    pace.leave(first, "answered")
    await asyncio.gather(*tasks)
    assert order == ["retry", "new"]


async def test_a_cancelled_caller_takes_no_place_with_it(resources):
    pace = pace_of(resources, max_concurrency=1)
    first = await pace.enter()
    waiting = asyncio.create_task(pace.enter())
    await asyncio.sleep(0)
    pace.leave(first, "answered")  # lets the waiting one in …
    waiting.cancel()  # … at the moment it is cancelled
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert pace.num_under_way == 0
    await asyncio.wait_for(pace.enter(), 1)


async def test_a_retry_after_holds_back_the_next_request_of_others(resources, waits):
    now = 100.0
    pace = pace_of(dataclasses.replace(resources, stopwatch=lambda: now))
    pace.leave(await pace.enter(), "limited", 7.0)
    ticket = await pace.enter()
    assert waits == [7.25]  # 7 s and half of the jitter's 0.5 s
    pace.leave(ticket, "failed")
    now = 107.5
    await pace.enter()
    assert waits == [7.25]


async def test_a_wait_of_hours_holds_nobody_back(resources, waits):
    """Requests are told so one by one, and fail: an outage, not a pause."""
    pace = pace_of(dataclasses.replace(resources, stopwatch=lambda: 100.0))
    pace.leave(await pace.enter(), "limited", 7200.0)
    await pace.enter()
    assert waits == []


async def test_an_answer_shows_that_the_pause_is_over(resources, waits):
    now = 100.0
    pace = pace_of(dataclasses.replace(resources, stopwatch=lambda: now))
    under_way = await pace.enter()
    pace.leave(await pace.enter(), "limited", 60.0)
    pace.leave(under_way, "answered")
    await pace.enter()
    assert waits == []


async def test_requests_a_minute_are_spread_evenly(resources, waits):
    """120 a minute is one every half second."""
    pace = pace_of(dataclasses.replace(resources, stopwatch=lambda: 50.0), requests_per_minute=120)
    for _ in range(4):
        await pace.enter()
    assert waits == [0.5, 1.0, 1.5]


async def test_tokens_a_minute_are_reserved_and_corrected(resources, waits):
    """By hand: 600 a minute are 10 a second. 100 reserved, 20 taken: the next one starts 2 s later, not 10."""
    pace = pace_of(dataclasses.replace(resources, stopwatch=lambda: 50.0), tokens_per_minute=600)
    await pace.enter(100)
    pace.correct_tokens(100, 20)
    await pace.enter(100)
    pace.correct_tokens(100, None)  # unknown usage keeps the estimate
    await pace.enter(100)
    assert waits == [2.0, 12.0]


def test_no_minute_sees_more_than_the_rate_and_one():
    """Simulated: 500 requests that all want to start at once, at 60 a minute."""
    rate = Rate(per_minute=60)
    starts = [rate.reserve(0.0, 1) for _ in range(500)]
    assert max(sum(begin <= start < begin + 60 for start in starts) for begin in starts) <= 61
