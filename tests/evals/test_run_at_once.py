"""Runs against a real local server that fails now and then, several at once, with budgets and judges."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from preceptor.evals.coverage import coverage, score_rows
from preceptor.evals.journal import Journal
from preceptor.evals.open_run import open_run
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.spending import run_spending
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import EvalCase, EvalRun, RunOutcome, SampleResult, Suite
from preceptor.models.connect import connect
from preceptor.models.provider import Resources
from preceptor.models.spend import Budget
from preceptor.models.target import Target
from preceptor.models.types import Message, Sampling
from preceptor.storage.database import Database

Status = Callable[[int], int]


def suite_of(num_cases: int, name: str = "s", epochs: int = 1) -> Suite:
    """The answer to an even number is yes: half of the cases pass."""
    messages = [(Message(role="user", content=str(number)),) for number in range(num_cases)]
    return Suite(
        name=name,
        cases=tuple(EvalCase(id=f"{name}-{number:03}", messages=said) for number, said in enumerate(messages)),
        graders={"said": {"kind": "contains", "values": ["yes"]}},
        primary="said",
        epochs=epochs,
    )


@asynccontextmanager
async def server(status: Status = lambda _: 200) -> AsyncIterator[tuple[str, Counter[str]]]:
    """A chat completions server, and how often it answered what; the n-th request gets `status(n)`."""
    counts: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        number = counts.total()
        found = status(number)
        counts[str(found)] += 1
        if found != 200:
            return web.json_response({"error": {"message": "no"}}, status=found, headers={"Retry-After": "0"})
        said = "yes" if int(body["messages"][-1]["content"]) % 2 == 0 else "no"
        choice = {"message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        return web.json_response({"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/v1", counts
    finally:
        await runner.cleanup()


def target_of(address: str, name: str = "t", **settings) -> Target:
    provider = {"kind": "openai", "model": "m", "base_url": address, "api_key_variable": None, **settings}
    return Target(
        name=name,
        provider={**provider, "input_price": 1.0, "output_price": 10.0},
        system="s",
        sampling=Sampling(max_tokens=10),
    )


def begin(database: Database, suite: Suite, target: Target) -> EvalRun:
    with database.write() as connection:
        return open_run(RunStore(connection), suite, target, now=datetime.now(UTC))


async def go(database: Database, suite: Suite, target: Target, budget: Budget | None = None) -> RunOutcome:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))

    resources = Resources(secret=lambda _: None, cache_folder=Path(), sleep=sleep)
    async with (
        connect(target, resources, budget=budget) as model,
        Journal(database, begin(database, suite, target)) as journal,
    ):
        return await run_suite(EvalPlan(suite=suite, target=target, model=model, concurrency=16), journal)


def on_disk(database: Database, suite: Suite, target: Target) -> list[SampleResult]:
    with database.read() as connection:
        return list(SampleStore(connection).iter_for_run(begin_id(connection, suite, target)))


def begin_id(connection, suite: Suite, target: Target) -> str:
    runs = RunStore(connection).list_newest().items
    return next(run.id for run in runs if (run.suite, run.target) == (suite.name, target.name))


def scores(suite: Suite, results: list[SampleResult]) -> list[float | None]:
    return [row.score for row in score_rows(suite, results, "said")]


async def test_rate_limits_and_server_errors_leave_the_score_unchanged(database: Database):
    """Each tenth request is refused with 429, each fiftieth with 500: still 200 scores, 100 of them 1."""
    suite = suite_of(200)
    async with server(lambda n: 429 if n % 10 == 3 else 500 if n % 50 == 7 else 200) as (address, counts):
        outcome = await go(database, suite, target_of(address))
    assert counts["200"] == 200
    assert counts["429"] >= 20
    assert counts["500"] >= 4
    assert Counter(result.status for result in outcome.results) == {"ok": 200}
    assert sum(score or 0 for score in scores(suite, list(outcome.results))) == 100


async def test_what_still_failed_is_coverage_and_no_wrong_answer(database: Database):
    """Nothing is tried again here: of 50 requests 5 are lost, so 45 scores."""
    suite = suite_of(50)
    async with server(lambda n: 500 if n % 10 == 3 else 200) as (address, _):
        target = target_of(address, max_retries=0)
        outcome = await go(database, suite, target)
        run = begin(database, suite, target)
        found = coverage(run, outcome.results)
        assert (found.num_attempted, found.num_scored, found.share) == (50, 45, 0.9)
        assert found.by_status == {"infra_error": 5, "ok": 45}
        assert not outcome.is_finished
        assert scores(suite, list(outcome.results)).count(None) == 5
        outcome = await go(database, suite, target)
    assert (outcome.num_asked, outcome.num_kept) == (5, 45)


async def test_a_budget_stops_cleanly_and_a_larger_one_goes_on(database: Database):
    """An answer costs 7 x 1 + 3 x 10 = 37 millionths of a dollar; 60 samples 2,220."""
    suite = suite_of(30, epochs=2)
    async with server() as (address, counts):
        target = target_of(address)
        first = await go(database, suite, target, Budget(limit=0.001))
        num_done = sum(result.status == "ok" for result in first.results)
        assert 0 < num_done < 60
        assert counts["200"] == num_done == first.num_asked
        assert "budget of $0.001" in first.stopped
        assert Counter(result.status for result in first.results)["skipped"] == 60 - num_done
        assert (run_spending(first.results).target.dollars or 0) <= 0.001
        assert len(on_disk(database, suite, target)) == num_done
        second = await go(database, suite, target, Budget(limit=0.01))
    assert (second.num_asked, second.num_kept, second.is_finished) == (60 - num_done, num_done, True)
    assert counts["200"] == 60
    assert round(run_spending(second.results).target.dollars or 0, 9) == 0.00222


async def check_four(database: Database, targets: list[Target]) -> None:
    for target in targets:
        for suite in (suite_of(40, "a"), suite_of(60, "b")):
            results = on_disk(database, suite, target)
            assert [result.case_id for result in results] == [case.id for case in suite.cases]
            assert sum(score or 0 for score in scores(suite, results)) == len(suite.cases) / 2
            assert run_spending(results).target.output_tokens == 3 * len(suite.cases)


async def test_four_runs_at_once_in_one_loop(database: Database):
    """Two suites on two targets: 2 x (40 + 60) requests, totals exact."""
    async with server() as (address, counts):
        targets = [target_of(address, "x"), target_of(address, "y")]
        suites = [suite_of(40, "a"), suite_of(60, "b")]
        await asyncio.gather(*(go(database, suite, target) for suite in suites for target in targets))
    assert counts["200"] == 200
    await check_four(database, targets)


async def test_four_runs_at_once_in_threads(database: Database):
    """As in one loop, each run in a thread with a loop of its own."""
    failures: list[BaseException] = []

    async with server() as (address, counts):
        targets = [target_of(address, "x"), target_of(address, "y")]

        def work(suite: Suite, target: Target) -> None:
            try:
                asyncio.run(go(database, suite, target))
            except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
                failures.append(error)

        threads = [
            threading.Thread(target=work, args=(suite, target))
            for suite in (suite_of(40, "a"), suite_of(60, "b"))
            for target in targets
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
    assert failures == []
    assert counts["200"] == 200
    await check_four(database, targets)
