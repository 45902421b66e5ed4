"""Judges that were not reached, that broke off, or that a budget held back."""

from __future__ import annotations

from datetime import UTC, datetime

from preceptor.core.errors import NotAllowedError
from preceptor.evals.journal import Journal
from preceptor.evals.open_run import open_run
from preceptor.evals.run import EvalPlan, run_suite
from preceptor.evals.store import RunStore
from preceptor.evals.types import EvalCase, RunOutcome, Suite
from preceptor.models.failures import InfraFailure
from preceptor.models.target import Target
from preceptor.models.types import ChatRequest, Completion, Message, Usage
from preceptor.storage.database import Database

TARGET = Target(name="t", provider={"kind": "fake"}, system="s")
JUDGED_BY = {"kind": "openai", "model": "judge"}
SUITE = Suite(
    name="judged",
    cases=tuple(EvalCase(id=f"c{n}", messages=(Message(role="user", content=f"c{n}"),)) for n in range(4)),
    graders={
        "said": {"kind": "contains", "values": ["yes"]},
        "first": {"kind": "llm_judge", "provider": JUDGED_BY, "instructions": "Is it kind?"},
        "second": {"kind": "llm_judge", "provider": JUDGED_BY, "instructions": "Is it short?"},
    },
    primary="said",
)


class FakeModel:
    """Says yes and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def complete(self, request: ChatRequest) -> Completion:
        self.asked.append(request.messages[-1].content)
        return Completion(text="yes", model="fake")


class Judge:
    """Gives the same judgement or raises; counts what it was asked."""

    def __init__(self, error: Exception | None = None, text: str = '{"reason": "fine", "score": 10}') -> None:
        self.error = error
        self.text = text
        self.num_asked = 0

    async def complete(self, request: ChatRequest) -> Completion:
        assert "yes" in request.messages[-1].content, "the judge is shown the answer"
        self.num_asked += 1
        if self.error is not None:
            raise self.error
        return Completion(text=self.text, model="judge", usage=Usage(input_tokens=9, output_tokens=1))


async def go(database: Database, model: FakeModel, first: Judge, second: Judge) -> RunOutcome:
    plan = EvalPlan(suite=SUITE, target=TARGET, model=model, judges={"first": first, "second": second}, concurrency=1)
    with database.write() as connection:
        run = open_run(RunStore(connection), SUITE, TARGET, now=datetime.now(UTC))
    async with Journal(database, run) as journal:
        return await run_suite(plan, journal)


async def test_a_judge_that_is_down_holds_the_run_open_and_only_it_is_asked_again(database: Database):
    down = Judge(InfraFailure("judge down"))
    outcome = await go(database, FakeModel(), Judge(), down)
    assert {result.status for result in outcome.results} == {"grader_error"}
    assert not outcome.is_finished
    assert outcome.results[0].scores[0].value == 1.0
    model, first, second = FakeModel(), Judge(), Judge()
    outcome = await go(database, model, first, second)
    assert (model.asked, first.num_asked) == ([], 0)
    assert second.num_asked > 0
    assert outcome.is_finished
    assert {result.status for result in outcome.results} == {"ok"}
    assert [score.metric for score in outcome.results[0].scores] == ["said", "first", "second"]


async def test_a_judge_whose_word_cannot_be_read_does_not_hold_the_run_open(database: Database):
    outcome = await go(database, FakeModel(), Judge(), Judge(text="no judgement"))
    assert {result.status for result in outcome.results} == {"grader_error"}
    assert outcome.is_finished


async def test_an_answer_whose_judge_the_budget_held_back_is_kept_and_judged_later(database: Database):
    outcome = await go(database, FakeModel(), Judge(), Judge(NotAllowedError("the budget of $1 has no room")))
    statuses = [result.status for result in outcome.results]
    assert "the budget of $1" in outcome.stopped
    assert statuses.count("grader_error") == 1
    assert statuses.count("skipped") == 3
    held = next(result for result in outcome.results if result.status == "grader_error")
    assert held.output == "yes"
    assert held.scores[2].reason == "not graded: the budget of $1 has no room"
    model, first, second = FakeModel(), Judge(), Judge()
    outcome = await go(database, model, first, second)
    assert len(model.asked) == 3
    assert outcome.is_finished
    assert outcome.results[0].status == "ok"
