"""Go on with a run on a slow model until killed: the program that the resume tests start and kill.

Arguments: the database, the file for what was asked, the file for what was acknowledged,
how many cases, how many epochs, and the concurrency.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime

from preceptor.evals.journal import Journal
from preceptor.evals.open_run import open_run
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.store import RunStore
from preceptor.evals.types import EvalCase, EvalRun, RunOutcome, Suite
from preceptor.models.target import Target
from preceptor.models.types import ChatRequest, Completion, Message, Usage
from preceptor.storage.database import Database, open_database

TARGET = Target(name="t", provider={"kind": "fake"}, system="s")


class SlowModel:
    """Writes down each request, waits 5 ms and says it back."""

    def __init__(self, asked: str) -> None:
        self.descriptor = os.open(asked, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def complete(self, request: ChatRequest) -> Completion:
        text = request.messages[-1].content
        os.write(self.descriptor, f"{text}:{request.epoch}\n".encode())
        await asyncio.sleep(0.005)
        return Completion(text=f"answer to {text}", model="slow", usage=Usage(input_tokens=2, output_tokens=3))


def suite(num_cases: int, num_epochs: int) -> Suite:
    """Cases case-0000 and on, whose right answer ends in an even number."""
    names = [f"case-{number:04}" for number in range(num_cases)]
    return Suite(
        name="slow",
        cases=tuple(EvalCase(id=name, messages=(Message(role="user", content=name),)) for name in names),
        graders={"even": {"kind": "regex", "pattern": "[02468]$"}},
        primary="even",
        epochs=num_epochs,
    )


async def go_on(database: Database, asked: str, done: str, slow: Suite, concurrency: int) -> RunOutcome:
    """Run what is left; each acknowledged sample is written to the file `done`."""
    run = begin(database, slow)
    descriptor = os.open(done, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    plan = EvalPlan(suite=slow, target=TARGET, model=SlowModel(asked), concurrency=concurrency)
    async with Journal(database, run) as journal:
        return await run_suite(
            plan, journal, lambda result: os.write(descriptor, f"{result.case_id}:{result.epoch}\n".encode())
        )


def begin(database: Database, slow: Suite) -> EvalRun:
    """The one run of this test, begun when it is not there."""
    with database.write() as connection:
        return open_run(RunStore(connection), slow, TARGET, now=datetime(2026, 11, 24, tzinfo=UTC))


if __name__ == "__main__":
    url, asked_path, done_path, cases, epochs, at_once = sys.argv[1:]
    made = suite(int(cases), int(epochs))
    asyncio.run(go_on(open_database(url), asked_path, done_path, made, int(at_once)))
