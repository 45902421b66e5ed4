import pytest

from preceptor.core.errors import InputError
from preceptor.models.connect import connect, open_model
from preceptor.models.response_cache import open_cache
from preceptor.models.spend import Budget
from preceptor.models.target import ExampleSource, Target, request_for
from preceptor.models.types import ChatRequest, Message


async def test_a_target_is_connected_and_asked(server, resources):
    server.chats("good day")
    target = Target(name="t", system="be kind", provider={"kind": "openai", "model": "m", "base_url": server.url})
    async with connect(target, resources) as model:
        answer = await model.complete(request_for(target, [Message(role="user", content="hi")]))
    assert answer.text == "good day"
    assert server.bodies[0]["messages"][0] == {"role": "system", "content": "be kind"}


async def test_an_unknown_provider_is_named(resources):
    target = Target(name="t", system="", provider={"kind": "opnai", "model": "m"})
    with pytest.raises(InputError, match="no provider named 'opnai'"):
        async with connect(target, resources):
            pass


async def test_examples_that_nobody_took_from_the_dataset_are_named(resources):
    provider = {"kind": "openai", "model": "m"}
    target = Target(name="t", system="", provider=provider, examples_from=ExampleSource(dataset="support"))
    with pytest.raises(InputError, match="'support'"):
        async with connect(target, resources):
            pass


PRICED = {"kind": "openai", "model": "m", "input_price": 1.0, "output_price": 1.0}
REQUEST = ChatRequest(messages=(Message(role="user", content="hi"),))


async def test_the_cache_stands_before_the_budget_so_kept_answers_cost_nothing(server, resources, database, clock):
    """One answer takes 10 + 5 tokens at $1 a million: $0.000015."""
    server.chats("good day")
    budget = Budget(limit=1.0)
    settings = {**PRICED, "base_url": server.url}
    async with (
        open_cache(database, clock) as cache,
        open_model(settings, resources, cache=cache, budget=budget) as model,
    ):
        answers = [await model.complete(REQUEST) for _ in range(3)]
    assert [answer.recorded for answer in answers] == [False, True, True]
    assert budget.spent == pytest.approx(0.000015)
    assert len(server.bodies) == 1


async def test_patience_pace_key_and_price_do_not_change_what_is_kept(server, resources, database, clock):
    server.chats()
    settings = {**PRICED, "base_url": server.url}
    changed = {**settings, "input_price": 9.0, "timeout_seconds": 5.0, "max_concurrency": 2, "api_key_variable": None}
    async with open_cache(database, clock) as cache:
        for each in (settings, changed):
            async with open_model(each, resources, cache=cache) as model:
                await model.complete(REQUEST)
        async with open_model({**settings, "extra_body": {"top_k": 1}}, resources, cache=cache) as model:
            await model.complete(REQUEST)
    assert len(server.bodies) == 2


async def test_target_and_judge_share_a_budget(server, resources):
    server.chats()
    settings = {**PRICED, "base_url": server.url}
    target = Target(name="t", system="", provider=settings)
    budget = Budget(max_tokens=1000)
    async with (
        connect(target, resources, budget=budget) as model,
        open_model({**settings, "model": "judge"}, resources, budget=budget) as judge,
    ):
        await model.complete(REQUEST)
        await judge.complete(REQUEST)
    assert budget.tokens == 30


async def test_a_budget_without_prices_is_refused_at_the_start(server, resources):
    settings = {"kind": "openai", "model": "m", "base_url": server.url}
    with pytest.raises(InputError, match="needs input_price and output_price"):
        async with open_model(settings, resources, budget=Budget(limit=1.0)):
            pass
    assert server.bodies == []
