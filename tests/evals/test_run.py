"""A suite run on a target: what becomes of each case."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from preceptor.core.errors import ConflictError, InputError, NotAllowedError, StorageError
from preceptor.evals.journal import Journal
from preceptor.evals.open_run import open_run
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import EvalCase, EvalRun, RunOutcome, SampleResult, Suite
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.target import Target
from preceptor.models.types import ChatRequest, Completion, Message, Usage
from preceptor.storage.database import Database

TARGET = Target(name="t", provider={"kind": "fake"}, system="Be kind.")


def suite_of(num_cases: int, name: str = "s") -> Suite:
    return Suite(
        name=name,
        cases=tuple(
            EvalCase(id=f"{name}{n}", messages=(Message(role="user", content=f"{name}{n}"),)) for n in range(num_cases)
        ),
        graders={"said": {"kind": "contains", "values": ["yes"]}},
        primary="said",
    )


class FakeModel:
    """Answers by a rule, waits a moment, and counts what is under way."""

    def __init__(self, answer: Callable[[str], str | Exception] = lambda _: "yes") -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.under_way = 0
        self.most_under_way = 0

    async def complete(self, request: ChatRequest) -> Completion:
        text = request.messages[-1].content
        self.asked.append(text)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0.001)
        self.under_way -= 1
        said = self.answer(text)
        if isinstance(said, Exception):
            raise said
        return Completion(text=said, model="fake", usage=Usage(output_tokens=1), latency_seconds=0.5)


def begin(database: Database, suite: Suite, target: Target = TARGET) -> EvalRun:
    with database.write() as connection:
        return open_run(RunStore(connection), suite, target, now=datetime.now(UTC))


def on_disk(database: Database, run: EvalRun) -> dict[str, SampleResult]:
    with database.read() as connection:
        return {result.case_id: result for result in SampleStore(connection).iter_for_run(run.id)}


async def go(database: Database, suite: Suite, model: FakeModel, concurrency: int = 4) -> RunOutcome:
    async with Journal(database, begin(database, suite)) as journal:
        return await run_suite(EvalPlan(suite=suite, target=TARGET, model=model, concurrency=concurrency), journal)


async def test_every_case_has_a_graded_result_on_disk(database: Database):
    suite, model = suite_of(20), FakeModel(lambda text: "yes" if text == "s3" else "no")
    outcome = await go(database, suite, model)
    assert outcome.is_finished
    assert (outcome.num_asked, outcome.num_kept, outcome.stopped) == (20, 0, "")
    assert [result.case_id for result in outcome.results] == [case.id for case in suite.cases]
    assert {result.case_id for result in outcome.results if result.scores[0].value == 1.0} == {"s3"}
    assert on_disk(database, begin(database, suite)) == {result.case_id: result for result in outcome.results}
    assert outcome.results[0].usage.output_tokens == 1
    assert outcome.results[0].latency_seconds == 0.5


async def test_at_most_so_many_are_under_way(database: Database):
    model = FakeModel()
    await go(database, suite_of(30), model, concurrency=5)
    assert model.most_under_way == 5


async def test_a_sample_is_on_disk_before_it_is_told_of(database: Database):
    suite = suite_of(10)
    run = begin(database, suite)
    told: list[str] = []

    def on_done(result: SampleResult) -> None:
        assert on_disk(database, run)[result.case_id] == result
        told.append(result.case_id)

    async with Journal(database, run) as journal:
        await run_suite(EvalPlan(suite=suite, target=TARGET, model=FakeModel()), journal, on_done)
    assert sorted(told) == sorted(case.id for case in suite.cases)


async def test_each_failure_has_its_status_and_no_score(database: Database):
    errors = {"s1": ModelFailure("filtered"), "s2": InfraFailure("time-out\x00")}
    suite = suite_of(4)
    outcome = await go(database, suite, FakeModel(lambda text: errors.get(text, "yes")))
    assert [result.status for result in outcome.results] == ["ok", "model_error", "infra_error", "ok"]
    assert [result.error for result in outcome.results] == ["", "filtered", "time-out\ufffd", ""]
    assert outcome.results[1].scores == ()
    assert not outcome.is_finished


async def test_resuming_asks_only_what_was_not_reached(database: Database):
    suite = suite_of(4)
    errors = {"s1": ModelFailure("filtered"), "s2": InfraFailure("time-out")}
    await go(database, suite, FakeModel(lambda text: errors.get(text, "yes")))
    model = FakeModel()
    outcome = await go(database, suite, model)
    assert model.asked == ["s2"]
    assert [result.status for result in outcome.results] == ["ok", "model_error", "ok", "ok"]
    assert (outcome.num_asked, outcome.num_kept, outcome.is_finished) == (1, 3, True)


async def test_a_crashed_grader_is_run_again_without_asking_the_model(database: Database, monkeypatch):
    from preceptor.grading.graders.contains import Contains

    suite = suite_of(2)
    with monkeypatch.context() as broken:
        broken.setattr(Contains, "grade", lambda *_: 1 / 0)
        outcome = await go(database, suite, FakeModel())
    assert [(result.status, result.output, result.scores[0].value) for result in outcome.results] == [
        ("grader_error", "yes", None)
    ] * 2
    model = FakeModel()
    outcome = await go(database, suite, model)
    assert model.asked == []
    assert [(result.status, result.scores[0].value) for result in outcome.results] == [("ok", 1.0)] * 2


async def test_a_spend_limit_stops_cleanly(database: Database):
    """After 5 answers the limit is reached: those and what is under way are kept, the rest is skipped."""
    suite, count = suite_of(30), iter(range(100))

    def answer(_: str) -> str | Exception:
        return "yes" if next(count) < 5 else NotAllowedError("the limit of 1.00 dollars is reached")

    model = FakeModel(answer)
    outcome = await go(database, suite, model, concurrency=3)
    statuses = [result.status for result in outcome.results]
    assert (statuses.count("ok"), statuses.count("skipped")) == (5, 25)
    assert "limit of 1.00 dollars" in outcome.stopped
    assert "limit of 1.00 dollars" in outcome.results[-1].error
    assert len(model.asked) <= 5 + 3
    assert len(on_disk(database, begin(database, suite))) == 5
    assert (await go(database, suite, FakeModel())).num_asked == 25


async def test_a_run_of_other_cases_is_refused(database: Database):
    suite = suite_of(2)
    run = begin(database, suite)
    changed = dataclasses.replace(suite, cases=suite_of(3).cases)
    other_target = dataclasses.replace(TARGET, system="Be brief.")
    async with Journal(database, run) as journal:
        with pytest.raises(ConflictError, match="other cases and target"):
            await run_suite(EvalPlan(suite=changed, target=other_target, model=FakeModel()), journal)


async def test_a_changed_prompt_begins_another_run(database: Database):
    suite = suite_of(2)
    assert begin(database, suite).id == begin(database, suite).id
    assert begin(database, suite, dataclasses.replace(TARGET, system="Be brief.")).id != begin(database, suite).id


async def test_several_runs_at_once_keep_apart(database: Database):
    suites = [suite_of(25, name) for name in ("a", "b", "c", "d")]
    outcomes = await asyncio.gather(*(go(database, suite, FakeModel()) for suite in suites))
    for suite, outcome in zip(suites, outcomes, strict=True):
        assert outcome.is_finished
        assert set(on_disk(database, begin(database, suite))) == {case.id for case in suite.cases}


async def test_two_runs_of_the_same_thing_at_once_keep_one_result_a_case(database: Database):
    suite = suite_of(25)
    run = begin(database, suite)
    await asyncio.gather(go(database, suite, FakeModel()), go(database, suite, FakeModel()))
    assert len(on_disk(database, run)) == 25


async def test_cancelling_keeps_what_is_finished(database: Database):
    suite = suite_of(500)
    run = begin(database, suite)
    enough = asyncio.Event()
    done: list[str] = []

    def on_done(result: SampleResult) -> None:
        done.append(result.case_id)
        if len(done) == 20:
            enough.set()

    async def work() -> None:
        async with Journal(database, run) as journal:
            await run_suite(EvalPlan(suite=suite, target=TARGET, model=FakeModel()), journal, on_done)

    task = asyncio.create_task(work())
    await enough.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert set(done) <= set(on_disk(database, run))
    assert len(done) < 500


async def test_a_full_disk_stops_the_run_and_leaves_what_was_there(database: Database):
    suite = suite_of(40)
    run = begin(database, suite)
    done: list[str] = []

    def refuse(connection, cursor, statement, parameters, context, executemany) -> None:
        if "INSERT INTO eval_samples" in statement and len(done) >= 10:
            raise StorageError("no space left for the database; free some and run the same command again")

    event.listen(database.engine, "before_cursor_execute", refuse)
    with pytest.raises(StorageError, match="no space left"):
        async with Journal(database, run) as journal:
            plan = EvalPlan(suite=suite, target=TARGET, model=FakeModel(), concurrency=2)
            await run_suite(plan, journal, lambda result: done.append(result.case_id))
    event.remove(database.engine, "before_cursor_execute", refuse)
    assert set(on_disk(database, run)) == set(done)
    assert (await go(database, suite, FakeModel())).num_asked == 40 - len(done)


async def test_a_fault_of_the_journal_is_shown_and_does_not_hang(database: Database, monkeypatch):
    suite = suite_of(3)
    run = begin(database, suite)
    monkeypatch.setattr(SampleStore, "add_many", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        async with asyncio.timeout(10), Journal(database, run) as journal:
            await run_suite(EvalPlan(suite=suite, target=TARGET, model=FakeModel()), journal)


async def test_what_no_database_can_hold_is_replaced(database: Database):
    outcome = await go(database, suite_of(1), FakeModel(lambda _: "yes\x00\ud800"))
    assert outcome.results[0].output == "yes\ufffd\ufffd"


async def test_a_passage_target_and_metadata_reach_the_grader(database: Database):
    case = EvalCase(
        id="x", messages=(Message(role="user", content="?"),), target="billing", metadata={"expected": "refuse"}
    )
    suite = Suite(
        name="s",
        cases=(case,),
        primary="cited",
        passages={"p1": "text"},
        graders={
            "cited": {"kind": "citation_known", "minimum": 1},
            "category": {"kind": "exact_match", "path": "category"},
            "refused": {"kind": "refusal", "expected_path": "metadata.expected"},
        },
    )
    said = '{"category": "billing", "citations": ["p1"], "answer": "I cannot help with that."}'
    outcome = await go(database, suite, FakeModel(lambda _: said))
    assert {score.metric: score.value for score in outcome.results[0].scores} == {
        "cited": 1.0,
        "category": 1.0,
        "refused": 1.0,
        "refused.refused_unsafe": 1.0,
        "refused.answered_safe": None,
    }


async def test_no_concurrency_is_refused(database: Database):
    with pytest.raises(InputError, match="concurrency is 0"):
        await go(database, suite_of(1), FakeModel(), concurrency=0)
