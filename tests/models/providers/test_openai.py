import dataclasses

import pytest

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.core.ids import canonical_json
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.provider import providers
from preceptor.models.providers.openai import Openai
from preceptor.models.types import ChatRequest, Message, Sampling, Tool, ToolCall

KEY = "sk-test-1234567890abcdef"
REQUEST = ChatRequest(
    messages=(Message(role="system", content="be kind"), Message(role="user", content="hi")),
    sampling=Sampling(temperature=0.5, max_tokens=9, top_p=0.9, seed=3, stop=("END",)),
)


async def ask(provider, resources, request=REQUEST):
    async with provider.open(resources) as model:
        return await model.complete(request)


async def test_the_request_is_sent_as_the_endpoint_documents_it(server, resources):
    server.chats()
    schema = {"type": "object"}
    request = dataclasses.replace(REQUEST, response_schema=schema)
    await ask(Openai(model="m", base_url=server.url), resources, request)
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert server.bodies == [
        {
            "model": "m",
            "messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}],
            "temperature": 0.5,
            "max_tokens": 9,
            "top_p": 0.9,
            "seed": 3,
            "stop": ["END"],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema},
            },
        }
    ]


async def test_the_answer_carries_text_tokens_and_cost(server, resources):
    """By hand: 10 x $1 + 5 x $2 for a million each is $0.00002."""
    server.chats("good day", num_in=10, num_out=5)
    answer = await ask(Openai(model="m", base_url=server.url, input_price=1, output_price=2), resources)
    assert (answer.text, answer.model, answer.finish_reason) == ("good day", "fake-1", "stop")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (10, 5)
    assert answer.usage.cost == pytest.approx(0.00002)
    assert answer.recorded is False


async def test_an_answer_without_usage_has_unknown_tokens_and_cost(server, resources):
    server.says({"choices": [{"message": {"content": "x"}}]})
    answer = await ask(Openai(model="m", base_url=server.url, input_price=1, output_price=2), resources)
    assert (answer.usage.input_tokens, answer.usage.output_tokens, answer.usage.cost) == (None, None, None)


async def test_tool_calls_are_read_and_written_back(server, resources):
    call = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": '{"q": 1}'}}
    server.says({"choices": [{"message": {"content": None, "tool_calls": [call]}, "finish_reason": "tool_calls"}]})
    provider = Openai(model="m", base_url=server.url)
    answer = await ask(provider, resources)
    assert answer.tool_calls == (ToolCall(id="c1", name="find", arguments='{"q": 1}'),)
    turns = (
        Message(role="assistant", content="", tool_calls=answer.tool_calls),
        Message(role="tool", content="found", tool_call_id="c1"),
    )
    await ask(provider, resources, ChatRequest(messages=turns))
    assert server.bodies[1]["messages"] == [
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "found", "tool_call_id": "c1"},
    ]


async def test_tools_are_sent_as_the_endpoint_documents_them(server, resources):
    server.chats()
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    tools = (Tool(name="weather", description="Weather of a city", parameters=schema), Tool(name="now"))
    await ask(Openai(model="m", base_url=server.url), resources, dataclasses.replace(REQUEST, tools=tools))
    assert server.bodies[0]["tools"] == [
        {
            "type": "function",
            "function": {"name": "weather", "description": "Weather of a city", "parameters": schema},
        },
        {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
    ]


async def test_tokens_a_minute_hold_the_next_request_back(server, resources, waits):
    """Reserved: 9 bytes / 4 -> 3, 2 x 4, 3, and 9 out = 23; taken: 15, so at 1 a second the next waits 15 s."""
    server.chats(num_in=10, num_out=5)
    provider = Openai(model="m", base_url=server.url, tokens_per_minute=60)
    async with provider.open(dataclasses.replace(resources, stopwatch=lambda: 5.0)) as model:
        await model.complete(REQUEST)
        await model.complete(REQUEST)
    assert waits == [15.0]


async def test_extra_fields_win_and_null_takes_one_out(server, resources):
    server.chats()
    extra = {"max_tokens": None, "max_completion_tokens": 9, "temperature": 1}
    await ask(Openai(model="m", base_url=server.url, extra_body=extra), resources)
    assert "max_tokens" not in server.bodies[0]
    assert server.bodies[0]["max_completion_tokens"] == 9
    assert server.bodies[0]["temperature"] == 1


async def test_a_held_back_answer_is_the_models_no(server, resources):
    server.says({"choices": [{"message": {"content": None}, "finish_reason": "content_filter"}]})
    with pytest.raises(ModelFailure, match="content filter"):
        await ask(Openai(model="m", base_url=server.url), resources)


async def test_a_refusal_is_an_answer_marked_as_one(server, resources):
    server.says({"choices": [{"message": {"content": None, "refusal": "I will not."}, "finish_reason": "stop"}]})
    answer = await ask(Openai(model="m", base_url=server.url), resources)
    assert (answer.text, answer.finish_reason) == ("I will not.", "refusal")


@pytest.mark.parametrize(
    "body", [{}, {"choices": []}, {"choices": [{"message": "x"}]}, {"choices": [{"message": {"content": [1]}}]}]
)
async def test_an_answer_of_another_shape_is_an_infra_failure(server, resources, body):
    server.says(body)
    with pytest.raises(InfraFailure):
        await ask(Openai(model="m", base_url=server.url), resources)


async def test_the_spend_limit_stops_before_the_next_request(server, resources):
    """The most is 9 bytes + 2 x 16 + 64 in and 9 out = $0.000114; an answer takes 10 + 5 = $0.000015.

    So $0.00015 has room for three: before the fourth $0.000045 are spent, and $0.000159 is too much.
    """
    server.chats()
    provider = Openai(model="m", base_url=server.url, input_price=1, output_price=1, spend_limit=0.00015)
    async with provider.open(resources) as model:
        for _ in range(3):
            await model.complete(REQUEST)
        with pytest.raises(NotAllowedError, match="spend_limit"):
            await model.complete(REQUEST)
    assert len(server.bodies) == 3


async def test_a_missing_key_is_named_before_anything_is_sent(server, resources):
    provider = Openai(model="m", base_url=server.url, api_key_variable="OTHER_KEY")
    with pytest.raises(NotAllowedError, match="OTHER_KEY is not set"):
        await ask(provider, resources)
    assert server.bodies == []


async def test_a_server_without_keys_is_asked_without_one(server, resources):
    server.chats()
    await ask(Openai(model="m", base_url=server.url, api_key_variable=None), resources)
    assert "Authorization" not in server.headers[0]


def test_the_settings_that_are_stored_hold_no_key():
    stored = canonical_json(providers.identify(Openai(model="m"))).decode()
    assert "OPENAI_API_KEY" in stored
    assert "sk-" not in stored


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"model": ""}, "model is empty"),
        ({"base_url": "ftp://x"}, "write an http or https address"),
        ({"base_url": "http://[x"}, "write an http or https address"),
        ({"base_url": "https://me:secret@x/v1"}, "put keys into the environment"),
        ({"timeout_seconds": 0.0}, r"timeout_seconds is 0\.0"),
        ({"max_retries": -1}, "max_retries is -1"),
        ({"input_price": -1.0}, r"input_price is -1\.0"),
        ({"input_price": float("nan")}, "input_price is nan"),
        ({"max_concurrency": 0}, "max_concurrency is 0"),
        ({"requests_per_minute": 0.0}, r"requests_per_minute is 0\.0"),
        ({"tokens_per_minute": -5.0}, r"tokens_per_minute is -5\.0"),
        ({"spend_limit": 1.0}, "spend_limit needs input_price and output_price"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong, message):
    with pytest.raises(InputError, match=message) as caught:
        providers.create("openai", {"model": "m", **wrong})
    assert "secret" not in str(caught.value)


async def test_a_key_with_a_line_break_is_refused_without_being_shown(server, resources):
    from preceptor.settings import Secret

    broken = dataclasses.replace(resources, secret=lambda _: Secret("sk-abc\r\nX-Evil: 1"))
    with pytest.raises(InputError, match="OPENAI_API_KEY") as caught:
        await ask(Openai(model="m", base_url=server.url), broken)
    assert "sk-abc" not in str(caught.value)
