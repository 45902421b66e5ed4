"""Answers kept by what was asked: the same question in the same epoch is paid for once."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

from preceptor.core.clock import Clock, to_text
from preceptor.core.errors import StorageError
from preceptor.core.json_values import JsonObject
from preceptor.models.store import CachedResponseStore
from preceptor.models.types import Completion
from preceptor.storage.database import Database, Reader

MOST_KEYS_AT_ONCE = 500
MOST_KEYS_IN_MEMORY = 100_000
ENOUGH_TO_WRITE = 500
SECONDS_BETWEEN_WRITES = 1.0


@dataclass(kw_only=True)
class ResponseCache:
    """The answers in a database while `open_cache`'s block lasts; many may look and keep at once.

    Lookups that come together are one query. New answers are written together, at most a second
    after they came: a killed program asks those again, and nothing else is lost. When the disk
    refuses them, `failure` says so and they are not kept: a run does not stop for that.
    What was there when the cache was opened is known by its keys, so that asking for what is not costs
    no query; where there are more than a hundred thousand, every lookup is one. One event loop only.
    """

    database: Database
    reader: Reader = field(repr=False)
    clock: Clock = field(repr=False)
    num_found: int = 0
    num_missed: int = 0
    failure: StorageError | None = None
    there: set[str] | None = field(default=None, repr=False)
    _asked: dict[str, asyncio.Future[Completion | None]] = field(default_factory=dict, repr=False)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _lookups: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    _new: dict[str, Completion] = field(default_factory=dict, repr=False)
    _wake: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _is_open: bool = field(default=True, repr=False)

    async def find(self, key: str) -> Completion | None:
        """The answer kept under the key, or None; it is marked as recorded and costs 0: nothing is paid now."""
        kept = self._new.get(key)
        if kept is None and (self.there is None or key in self.there):
            # Shielded: others may wait for the same lookup.
            kept = await asyncio.shield(self._asked.get(key) or self._ask(key))
        if kept is None:
            self.num_missed += 1
        else:
            self.num_found += 1
        return kept

    async def look_around(self) -> None:
        """Learn which keys are there; a disk that refuses is noted, as in writing."""
        try:
            keys = await asyncio.to_thread(_keys, self.reader)
        except StorageError as error:
            self.failure = error
        else:
            self.there = set(keys) if len(keys) <= MOST_KEYS_IN_MEMORY else None

    def keep(self, key: str, completion: Completion) -> None:
        """Keep an answer: it can be found from now on and is on disk a little later. A key keeps its first answer."""
        self._new.setdefault(key, _as_recorded(completion))
        if len(self._new) >= ENOUGH_TO_WRITE:
            self._wake.set()

    def close(self) -> None:
        """Let `write_on` write what is left and end."""
        self._is_open = False
        self._wake.set()

    async def wait_for_lookup(self) -> None:
        """Nothing, once no query runs any more: one that nobody waits for may still be under way."""
        async with self._reading:
            pass

    async def write_on(self) -> None:
        """Write what is new, together, until the cache is closed and everything is on disk."""
        while self._is_open:
            try:
                async with asyncio.timeout(SECONDS_BETWEEN_WRITES):
                    await self._wake.wait()
            except TimeoutError:
                pass  # Few answers came; they are written all the same.
            self._wake.clear()
            await self._write()
        await self._write()  # What came during the last writing, or before the first.

    async def _write(self) -> None:
        # Answers stay findable in `_new` until they are on disk.
        batch = dict(self._new)
        if not batch:
            return
        try:
            await asyncio.to_thread(self._commit, {key: msgspec.to_builtins(kept) for key, kept in batch.items()})
        except StorageError as error:
            self.failure = error
        else:
            if self.there is not None:
                self.there.update(batch)
        for key in batch:
            del self._new[key]

    def _commit(self, completions: dict[str, JsonObject]) -> None:
        with self.database.write() as connection:
            CachedResponseStore(connection=connection).add_many(completions, to_text(self.clock()))

    def _ask(self, key: str) -> asyncio.Future[Completion | None]:
        loop = asyncio.get_running_loop()
        if not self._asked:
            # Whoever asks in this turn of the loop, or while another query runs, is in the same query.
            loop.call_soon(self._start_lookup)
        asked: asyncio.Future[Completion | None] = loop.create_future()
        self._asked[key] = asked
        return asked

    def _start_lookup(self) -> None:
        lookup = asyncio.get_running_loop().create_task(self._look_up())
        self._lookups.add(lookup)
        lookup.add_done_callback(self._lookups.discard)

    async def _look_up(self) -> None:
        async with self._reading:
            asked, self._asked = self._asked, {}
            try:
                found = await asyncio.to_thread(self._read, list(asked))
            except StorageError as error:
                for waiting in asked.values():
                    waiting.set_exception(error)
                    waiting.exception()  # Looked at here: who waited for it may have been cancelled meanwhile.
                return
        for key, waiting in asked.items():
            waiting.set_result(found.get(key))

    def _read(self, keys: Sequence[str]) -> dict[str, Completion]:
        found: dict[str, Completion] = {}
        with self.reader.read() as connection:
            store = CachedResponseStore(connection=connection)
            for start in range(0, len(keys), MOST_KEYS_AT_ONCE):
                for key, kept in store.list_by_key(keys[start : start + MOST_KEYS_AT_ONCE]).items():
                    found[key] = msgspec.convert(kept, Completion)
        return found


@asynccontextmanager
async def open_cache(database: Database, clock: Clock) -> AsyncIterator[ResponseCache]:
    """The cache in the database; what is new is on disk at the end of the block, also after an error."""
    with database.keep_reader() as reader:
        cache = ResponseCache(database=database, reader=reader, clock=clock)
        await cache.look_around()
        writer = asyncio.create_task(cache.write_on())
        try:
            yield cache
        finally:
            cache.close()
            await asyncio.shield(writer)
            await cache.wait_for_lookup()


def _keys(reader: Reader) -> list[str]:
    with reader.read() as connection:
        return CachedResponseStore(connection=connection).list_keys(MOST_KEYS_IN_MEMORY + 1)


def _as_recorded(completion: Completion) -> Completion:
    """The answer as it will be read back."""
    usage = dataclasses.replace(completion.usage, cost=0.0)
    return dataclasses.replace(completion, usage=usage, recorded=True)
