"""Figures by hand: at $1 and $2 a million, "x" x 400 reserves 480 in and 100 out, so $0.00068 and 580 tokens."""

import asyncio
from dataclasses import dataclass

import pytest

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.models.budgeted_model import BudgetedModel
from preceptor.models.failures import InfraFailure
from preceptor.models.spend import Budget, Prices
from preceptor.models.types import ChatRequest, Completion, Message, Sampling, Usage

PRICES = Prices(input_per_million=1.0, output_per_million=2.0)
REQUEST = ChatRequest(messages=(Message(role="user", content="x" * 400),), sampling=Sampling(max_tokens=100))
ANSWER = Completion(text="a", model="m", usage=Usage(input_tokens=100, output_tokens=50))


@dataclass
class Fake:
    outcome: Completion | Exception = ANSWER
    seconds: float = 0.0
    num_asked: int = 0

    async def complete(self, _: ChatRequest) -> Completion:
        self.num_asked += 1
        await asyncio.sleep(self.seconds)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def budgeted(fake: Fake, budget: Budget, **settings) -> BudgetedModel:
    return BudgetedModel(**{"model": fake, "budget": budget, "prices": PRICES, **settings})


async def test_the_usage_that_came_back_is_what_counts():
    """100 x $1 + 50 x $2 for a million is $0.0002."""
    budget = Budget(limit=1.0)
    await budgeted(Fake(), budget).complete(REQUEST)
    assert (budget.spent, budget.tokens) == (pytest.approx(0.0002), 150)


async def test_a_request_whose_most_does_not_fit_is_never_sent():
    fake, budget = Fake(), Budget(limit=0.00067)
    with pytest.raises(NotAllowedError, match=r"up to \$0\.000680"):
        await budgeted(fake, budget).complete(REQUEST)
    assert fake.num_asked == 0


async def test_many_at_once_cannot_pass_the_limit_together():
    """Every answer takes its very most; $0.01 has room for 14 of them (14 x 0.00068 = 0.00952)."""
    most = Completion(text="a", model="m", usage=Usage(input_tokens=480, output_tokens=100))
    fake, budget = Fake(most, seconds=0.001), Budget(limit=0.01)
    target, judge = budgeted(fake, budget), budgeted(fake, budget)
    asked = [model.complete(REQUEST) for model in (target, judge) for _ in range(50)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert fake.num_asked == 14
    assert budget.spent == pytest.approx(0.00952)
    assert sum(isinstance(outcome, NotAllowedError) for outcome in outcomes) == 86


async def test_an_answer_of_unknown_size_counts_as_the_most():
    budget = Budget(limit=1.0)
    await budgeted(Fake(Completion(text="a", model="m")), budget).complete(REQUEST)
    assert (budget.spent, budget.tokens) == (pytest.approx(0.00068), 580)


async def test_a_failed_request_counts_nothing():
    budget = Budget(limit=0.00068)
    with pytest.raises(InfraFailure):
        await budgeted(Fake(InfraFailure("down")), budget).complete(REQUEST)
    await budgeted(Fake(), budget).complete(REQUEST)


async def test_a_request_that_nobody_waited_for_counts_as_the_most():
    """It may be answered, and billed, all the same."""
    budget = Budget(limit=1.0)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(budgeted(Fake(seconds=5), budget).complete(REQUEST), 0.01)
    assert budget.spent == pytest.approx(0.00068)


async def test_a_recorded_answer_counts_nothing():
    budget = Budget(limit=1.0, max_tokens=1000)
    recorded = Completion(text="a", model="m", usage=ANSWER.usage, recorded=True)
    await budgeted(Fake(recorded), budget).complete(REQUEST)
    assert (budget.spent, budget.tokens) == (0.0, 0)


async def test_settings_that_allow_longer_answers_reserve_more():
    """480 in and 1,000 out is $0.00248."""
    with pytest.raises(NotAllowedError, match=r"up to \$0\.002480"):
        await budgeted(Fake(), Budget(limit=0.002), output_tokens=1000).complete(REQUEST)


def test_a_budget_in_dollars_needs_prices():
    with pytest.raises(InputError, match="needs input_price and output_price"):
        budgeted(Fake(), Budget(limit=1.0), prices=Prices())


async def test_a_budget_in_tokens_needs_none():
    budget = Budget(max_tokens=600)
    await budgeted(Fake(), budget, prices=Prices()).complete(REQUEST)
    assert budget.tokens == 150
