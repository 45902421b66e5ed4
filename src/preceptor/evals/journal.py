"""The journal of a run: each finished sample is on disk before it counts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from preceptor.core.errors import PreceptorError
from preceptor.evals.store import SampleStore
from preceptor.evals.types import EvalRun, SampleResult
from preceptor.storage.database import Database

SampleKey = tuple[str, int]
"""A case's id and the epoch."""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    result: SampleResult
    written: asyncio.Future[None]


class Journal:
    """Writes the samples of one run while the `async with` block lasts.

    Samples that arrive while the disk is busy are committed together, so many at once cost
    one wait for the disk. When the block is left, also by Ctrl-C, what has arrived is written.
    """

    def __init__(self, database: Database, run: EvalRun) -> None:
        self.run = run
        self._database = database
        self._queue: asyncio.Queue[_Entry | None] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write_all())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.put_nowait(None)
        if self._writer is not None:
            await asyncio.shield(self._writer)

    async def read(self) -> dict[SampleKey, SampleResult]:
        """What is on disk for the run, by case id and epoch."""
        return await asyncio.to_thread(self._read)

    async def add(self, result: SampleResult) -> None:
        """Nothing, once the sample is on disk; StorageError when the disk refuses it."""
        entry = _Entry(result=result, written=asyncio.get_running_loop().create_future())
        self._queue.put_nowait(entry)
        if self._writer is None:
            raise RuntimeError("a journal writes inside its `async with` block only")
        await asyncio.wait({entry.written, self._writer}, return_when=asyncio.FIRST_COMPLETED)
        if entry.written.done():
            return entry.written.result()
        return self._writer.result()  # it ended early, by an error of ours: show that one

    async def _write_all(self) -> None:
        is_open = True
        while is_open:
            entries = [await self._queue.get()]
            while not self._queue.empty():
                entries.append(self._queue.get_nowait())
            is_open = None not in entries
            await self._write([entry for entry in entries if entry is not None])

    async def _write(self, entries: list[_Entry]) -> None:
        try:
            await asyncio.to_thread(self._commit, [entry.result for entry in entries])
        except PreceptorError as error:
            for entry in entries:
                entry.written.set_exception(error)
                entry.written.exception()  # seen: who waited for it may have been cancelled meanwhile
            return
        for entry in entries:
            entry.written.set_result(None)

    def _commit(self, results: list[SampleResult]) -> None:
        if results:
            with self._database.write() as connection:
                SampleStore(connection).add_many(self.run.id, results)

    def _read(self) -> dict[SampleKey, SampleResult]:
        with self._database.read() as connection:
            found = SampleStore(connection).iter_for_run(self.run.id)
            return {(result.case_id, result.epoch): result for result in found}
