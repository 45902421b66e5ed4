import pytest

from preceptor.core.errors import InputError
from preceptor.models.connect import connect
from preceptor.models.target import ExampleSource, Target, request_for
from preceptor.models.types import Message


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
