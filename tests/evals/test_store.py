"""Runs and their journal in the database."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from preceptor.core.errors import ConflictError, NotFoundError
from preceptor.core.ids import plain_object
from preceptor.core.registry import PluginIdentity
from preceptor.evals.store import RunStore, SampleStore
from preceptor.evals.types import EvalRun, RunIdentity, SampleResult
from preceptor.grading.types import MetricScore
from preceptor.models.types import Message, ToolCall, Usage
from preceptor.storage.database import Database

GRADER = PluginIdentity(kind="grader", name="contains", version=1, settings={"values": ["é"], "deep": {"a": [1, None]}})
IDENTITY = RunIdentity(cases="c", graders="g", target="t")


def run(clock, number: int = 1, **changed) -> EvalRun:
    made = EvalRun(
        id=f"run_{number}",
        suite="support",
        target="baseline",
        identity=IDENTITY,
        primary="m",
        num_cases=3,
        started_at=clock(),
        settings={"graders": {"m": plain_object(GRADER)}},
    )
    return dataclasses.replace(made, **changed)


def sample(case_id: str, status: str = "ok", **changed) -> SampleResult:
    made = SampleResult(
        case_id=case_id,
        status=status,
        output="“hi”\n",
        scores=(MetricScore(metric="m", value=0.1, reason="because", grader=GRADER),),
        usage=Usage(input_tokens=3, cost=0.00001),
        latency_seconds=0.125,
    )
    return dataclasses.replace(made, **changed)


def test_a_run_comes_back_as_it_was(database: Database, clock):
    with database.write() as connection:
        RunStore(connection).add(run(clock))
    with database.read() as connection:
        assert RunStore(connection).get("run_1") == run(clock)
        assert RunStore(connection).find("run_2") is None
        with pytest.raises(NotFoundError, match="'run_2'"):
            RunStore(connection).get("run_2")


def test_an_id_is_used_once(database: Database, clock):
    with database.write() as connection:
        RunStore(connection).add(run(clock))
    with pytest.raises(ConflictError), database.write() as connection:
        RunStore(connection).add(run(clock))


def test_the_newest_unfinished_run_of_an_identity_is_found(database: Database, clock):
    with database.write() as connection:
        store = RunStore(connection)
        for number in (1, 2, 3):
            store.add(run(clock, number))
        store.add(run(clock, 4, identity=dataclasses.replace(IDENTITY, target="other")))
        later = clock() + timedelta(hours=1)
        assert store.finish("run_3", later).finished_at == later
        assert store.finish("run_3", later + timedelta(hours=1)).finished_at == later
        found = store.find_unfinished(IDENTITY)
        assert found is not None
        assert found.id == "run_2"
        assert store.find_unfinished(RunIdentity(cases="", graders="", target="")) is None


def test_runs_are_listed_in_pages_newest_first(database: Database, clock):
    with database.write() as connection:
        store = RunStore(connection)
        for number in range(1, 6):
            store.add(run(clock, number, suite="a" if number % 2 else "b"))
        first = store.list_newest(limit=2)
        second = store.list_newest(limit=2, cursor=first.next_cursor)
        third = store.list_newest(limit=2, cursor=second.next_cursor)
        of_a = store.list_newest(suite="a")
    assert [[r.id for r in page.items] for page in (first, second, third)] == [
        ["run_5", "run_4"],
        ["run_3", "run_2"],
        ["run_1"],
    ]
    assert third.next_cursor is None
    assert [r.id for r in of_a.items] == ["run_5", "run_3", "run_1"]


def test_samples_come_back_as_they_were_ordered_by_case(database: Database, clock):
    failed = SampleResult(case_id="a", status="model_error", output=None, error="too long")
    with database.write() as connection:
        RunStore(connection).add(run(clock))
        SampleStore(connection).add_many("run_1", [sample("c"), failed, sample("b", output="")])
    with database.read() as connection:
        found = list(SampleStore(connection).iter_for_run("run_1"))
    assert found == [failed, sample("b", output=""), sample("c")]


def test_what_is_done_stays_and_what_failed_outside_is_replaced(database: Database, clock):
    statuses = ["ok", "model_error", "infra_error", "grader_error"]
    with database.write() as connection:
        RunStore(connection).add(run(clock))
        store = SampleStore(connection)
        store.add_many("run_1", [sample(status, status) for status in statuses])
        assert store.done_samples("run_1") == {("ok", 1), ("model_error", 1), ("grader_error", 1)}
        store.add_many("run_1", [sample(status, output="again") for status in statuses])
        found = {result.case_id: (result.status, result.output) for result in store.iter_for_run("run_1")}
    assert found == {
        "ok": ("ok", "“hi”\n"),
        "model_error": ("model_error", "“hi”\n"),
        "infra_error": ("ok", "again"),
        "grader_error": ("ok", "again"),
    }


def test_each_epoch_of_a_case_is_kept_with_all_that_was_said(database: Database, clock):
    talk = (
        Message(role="assistant", content="", tool_calls=(ToolCall(id="1", name="look", arguments='{"a": 1}'),)),
        Message(role="tool", content="é", name="look", tool_call_id="1"),
        Message(role="assistant", content="done"),
    )
    judged = MetricScore(
        metric="m.tone",
        value=None,
        reason="x",
        grader=GRADER,
        status="skipped",
        details={"by": [1, "é"]},
        usage=Usage(cost=0.5),
    )
    second = sample(
        "a", epoch=2, transcript=talk, num_steps=2, stop_reason="max_steps", is_cached=True, scores=(judged,)
    )
    with database.write() as connection:
        RunStore(connection).add(run(clock))
        SampleStore(connection).add_many("run_1", [second, sample("b"), sample("a")])
    with database.read() as connection:
        assert list(SampleStore(connection).iter_for_run("run_1")) == [sample("a"), second, sample("b")]


def test_runs_do_not_see_each_others_samples(database: Database, clock):
    with database.write() as connection:
        RunStore(connection).add(run(clock, 1))
        RunStore(connection).add(run(clock, 2))
        SampleStore(connection).add_many("run_1", [sample("a")])
        assert list(SampleStore(connection).iter_for_run("run_2")) == []
        with pytest.raises(NotFoundError):
            list(SampleStore(connection).iter_for_run("run_3"))
