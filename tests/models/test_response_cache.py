import asyncio
import time

import pytest

from preceptor.core.errors import StorageError
from preceptor.models.response_cache import ENOUGH_TO_WRITE, ResponseCache, open_cache
from preceptor.models.types import Completion, ToolCall, Usage
from preceptor.storage.database import open_database

ANSWER = Completion(
    text="hé",
    model="m",
    finish_reason="tool_calls",
    tool_calls=(ToolCall(id="1", name="now", arguments="{}"),),
    usage=Usage(input_tokens=10, output_tokens=5, cost=0.5),
    latency_seconds=1.5,
)
KEPT = Completion(
    text="hé",
    model="m",
    finish_reason="tool_calls",
    tool_calls=ANSWER.tool_calls,
    usage=Usage(input_tokens=10, output_tokens=5, cost=0.0),
    latency_seconds=1.5,
    recorded=True,
)


async def test_an_answer_is_found_at_once_and_after_the_cache_was_closed(database, clock):
    """With its tokens, but without a cost: nothing is paid for it now."""
    async with open_cache(database, clock) as cache:
        assert await cache.find("k") is None
        cache.keep("k", ANSWER)
        assert await cache.find("k") == KEPT
    async with open_cache(database, clock) as cache:
        assert await cache.find("k") == KEPT
        assert (cache.num_found, cache.num_missed) == (1, 0)


async def test_what_came_before_an_error_is_kept(database, clock):
    with pytest.raises(RuntimeError, match="stop"):
        async with open_cache(database, clock) as cache:
            cache.keep("k", ANSWER)
            raise RuntimeError("stop")
    async with open_cache(database, clock) as cache:
        assert await cache.find("k") == KEPT


async def test_many_answers_are_written_while_the_cache_is_open(database, clock):
    """A killed run loses at most the last second's; another connection sees the others."""
    async with open_cache(database, clock) as cache:
        for number in range(ENOUGH_TO_WRITE):
            cache.keep(f"k{number}", ANSWER)
        for _ in range(1000):
            await asyncio.sleep(0.01)
            async with open_cache(database, clock) as other:
                if await other.find("k0") == KEPT:
                    return
    pytest.fail("not on disk after 10 s")


async def test_lookups_that_come_together_are_one_query(database, clock, monkeypatch):
    queries = []
    read = ResponseCache._read
    monkeypatch.setattr(ResponseCache, "_read", lambda self, keys: queries.append(sorted(keys)) or read(self, keys))
    async with open_cache(database, clock) as cache:
        for key in ("a", "b"):
            cache.keep(key, ANSWER)
    async with open_cache(database, clock) as cache:
        await asyncio.gather(*(cache.find(key) for key in ("a", "b", "a")))
    assert queries == [["a", "b"]]


async def test_what_was_not_there_costs_no_query(database, clock, monkeypatch):
    monkeypatch.setattr(ResponseCache, "_read", lambda *_: pytest.fail("asked"))
    async with open_cache(database, clock) as cache:
        assert await cache.find("a") is None
    assert cache.num_missed == 1


async def test_too_many_keys_to_hold_are_looked_up_one_by_one(database, clock, monkeypatch):
    monkeypatch.setattr("preceptor.models.response_cache.MOST_KEYS_IN_MEMORY", 1)
    async with open_cache(database, clock) as cache:
        for key in ("a", "b"):
            cache.keep(key, ANSWER)
    async with open_cache(database, clock) as cache:
        assert cache.there is None
        assert [await cache.find(key) for key in ("a", "c")] == [KEPT, None]


async def test_a_cancelled_lookup_leaves_the_others_theirs(database, clock):
    async with open_cache(database, clock) as cache:
        cache.keep("k", ANSWER)
    async with open_cache(database, clock) as cache:
        first, second = asyncio.create_task(cache.find("k")), asyncio.create_task(cache.find("k"))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == KEPT


async def test_a_disk_that_refuses_stops_no_run(tmp_path, clock):
    """The answers are not kept; they were given."""
    # It has no tables, so it refuses every write.
    empty = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    async with open_cache(empty, clock) as cache:
        cache.keep("k", ANSWER)
    assert isinstance(cache.failure, StorageError)
    empty.close()


async def test_ten_thousand_lookups_cost_less_than_two_seconds_of_cpu(database, clock):
    """The issue allows 10 s for 10,000 cached samples, the runner's own work included."""
    async with open_cache(database, clock) as cache:
        for number in range(10_000):
            cache.keep(f"{number:064}", ANSWER)
    async with open_cache(database, clock) as cache:
        numbers = iter(range(10_000))

        async def look() -> None:
            for number in numbers:
                assert await cache.find(f"{number:064}") is not None

        start = time.process_time()
        await asyncio.gather(*(look() for _ in range(64)))
        assert time.process_time() - start < 2.0
