"""The journal of a run: each finished sample is on disk before it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import NamedTuple, Self

from preceptor.core.errors import PreceptorError
from preceptor.evals.store import SampleStore
from preceptor.evals.types import EvalRun, SampleResult
from preceptor.storage.database import Database, Writer

SECONDS_TO_GATHER = 0.005
ENOUGH_TO_WRITE = 32
MOST_CACHED_WAITING = 1_000

Told = Callable[[SampleResult], None]
SampleKey = tuple[str, int]
"""A case's id and the epoch."""


class _Entry(NamedTuple):
    result: SampleResult
    on_kept: Told


class Journal:
    """Writes the samples of one run while the `async with` block lasts; one event loop only.

    Samples that arrive within some milliseconds of each other are committed together, so many
    at once cost one wait for the disk. When the block is left, also by Ctrl-C, what has arrived
    is written. Killed with -9, a run has lost at most the samples under way and those of the
    last milliseconds: as many again, for `add` waits while `most_waiting` are not on disk.
    """

    def __init__(self, database: Database, run: EvalRun) -> None:
        self.run = run
        self._database = database
        self._entries: list[_Entry] = []
        self._num_writing = 0
        self._arrived = asyncio.Event()
        self._enough = asyncio.Event()
        self._written = asyncio.Event()
        self._is_closing = False
        self._failure: BaseException | None = None
        self._writer: asyncio.Task[None] | None = None
        self._open = ExitStack()

    async def __aenter__(self) -> Self:
        connection = await asyncio.to_thread(self._open.enter_context, self._database.keep_writer())
        self._writer = asyncio.create_task(self._write_all(connection))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        self._arrived.set()
        self._enough.set()
        try:
            if self._writer is not None:
                await asyncio.shield(self._writer)
        finally:
            self._open.close()

    async def read(self) -> dict[SampleKey, SampleResult]:
        """What is on disk for the run."""
        return await asyncio.to_thread(self._read)

    async def add(self, result: SampleResult, on_kept: Told, *, most_waiting: int) -> None:
        """Take a sample in; `on_kept` is told of it once it is on disk.

        Waits while so many others are not on disk yet (a cached answer can be had again for
        nothing, so many more of those may be). Raises what made an earlier write fail.
        """
        if self._writer is None:
            raise RuntimeError("a journal writes inside its `async with` block only")
        most = MOST_CACHED_WAITING if result.is_cached else most_waiting
        while self._failure is None and len(self._entries) + self._num_writing >= most:
            await self._next_write()
        self._raise_failure()
        self._entries.append(_Entry(result, on_kept))
        self._arrived.set()
        if len(self._entries) >= min(ENOUGH_TO_WRITE, most_waiting):
            self._enough.set()

    async def flush(self) -> None:
        """Nothing, once all that was taken in is on disk; raises what made a write fail."""
        while self._failure is None and (self._entries or self._num_writing):
            self._enough.set()
            await self._next_write()
        self._raise_failure()

    async def _next_write(self) -> None:
        self._written.clear()
        await self._written.wait()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    async def _write_all(self, connection: Writer) -> None:
        try:
            while not (self._is_closing and not self._entries):
                await self._arrived.wait()
                await self._gather()
                self._arrived.clear()
                await self._write(connection)
        except BaseException as error:
            self._failure = error
            self._written.set()
            if not isinstance(error, PreceptorError):
                raise
            # A disk that refuses is told to who adds or flushes; the block is left as it would be.

    async def _gather(self) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_GATHER):
                await self._enough.wait()
        except TimeoutError:
            pass  # few came: they are written all the same
        if not self._is_closing:
            self._enough.clear()

    async def _write(self, connection: Writer) -> None:
        entries, self._entries = self._entries, []
        self._num_writing = len(entries)
        await asyncio.to_thread(self._commit, connection, [entry.result for entry in entries])
        self._num_writing = 0
        for entry in entries:
            entry.on_kept(entry.result)
        self._written.set()

    def _commit(self, writer: Writer, results: list[SampleResult]) -> None:
        if results:
            with writer.write() as connection:
                SampleStore(connection).add_many(self.run.id, results)

    def _read(self) -> dict[SampleKey, SampleResult]:
        with self._database.read() as connection:
            samples = SampleStore(connection).iter_for_run(self.run.id)
            return {(result.case_id, result.epoch): result for result in samples}
