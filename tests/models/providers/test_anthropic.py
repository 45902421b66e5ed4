import dataclasses

import pytest

from preceptor.core.errors import InputError
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.providers.anthropic import Anthropic
from preceptor.models.types import ChatRequest, Message, Sampling, Tool, ToolCall

KEY = "sk-test-1234567890abcdef"
REQUEST = ChatRequest(
    messages=(Message(role="system", content="be kind"), Message(role="user", content="hi")),
    sampling=Sampling(temperature=0.0, max_tokens=9, stop=("END",)),
)


def answer_of(*content, stop_reason="end_turn"):
    return {
        "model": "claude-fake",
        "content": list(content),
        "stop_reason": stop_reason,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }


async def ask(server, resources, request=REQUEST, **settings):
    async with Anthropic(model="m", base_url=server.url, **settings).open(resources) as model:
        return await model.complete(request)


async def test_the_request_is_sent_as_the_endpoint_documents_it(server, resources):
    server.says(answer_of({"type": "text", "text": "hello"}))
    await ask(server, resources)
    assert server.paths == ["/v1/messages"]
    headers = {name.lower(): value for name, value in server.headers[0].items()}
    assert (headers["x-api-key"], headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert server.bodies == [
        {
            "model": "m",
            "max_tokens": 9,
            "temperature": 0.0,
            "system": "be kind",
            "messages": [{"role": "user", "content": "hi"}],
            "stop_sequences": ["END"],
        }
    ]


WEATHER = Tool(name="weather", description="Weather of a city", parameters={"type": "object", "required": ["city"]})


async def test_tools_are_sent_as_the_endpoint_documents_them(server, resources):
    server.says(answer_of({"type": "text", "text": "hello"}))
    await ask(server, resources, dataclasses.replace(REQUEST, tools=(WEATHER, Tool(name="now"))))
    assert server.bodies[0]["tools"] == [
        {"name": "weather", "description": "Weather of a city", "input_schema": WEATHER.parameters},
        {"name": "now", "input_schema": {"type": "object", "properties": {}}},
    ]
    assert "tool_choice" not in server.bodies[0]


async def test_a_schema_beside_tools_lets_the_model_choose_among_them(server, resources):
    """Forced to answer at once, it could never call a tool."""
    server.says(answer_of({"type": "tool_use", "id": "t", "name": "answer", "input": {"a": 1}}, stop_reason="tool_use"))
    request = dataclasses.replace(REQUEST, tools=(WEATHER,), response_schema={"type": "object"})
    answer = await ask(server, resources, request)
    assert [tool["name"] for tool in server.bodies[0]["tools"]] == ["weather", "answer"]
    assert server.bodies[0]["tool_choice"] == {"type": "any"}
    assert (answer.text, answer.finish_reason, answer.tool_calls) == ('{"a": 1}', "stop", ())


async def test_a_tool_with_the_name_of_the_answer_is_refused(server, resources):
    with pytest.raises(InputError, match="give it another name"):
        await ask(server, resources, dataclasses.replace(REQUEST, tools=(Tool(name="answer"),)))


async def test_a_round_of_tool_calls_goes_there_and_back(server, resources):
    """Two parallel calls and their results; as the endpoint's guide has it, the results share one turn."""
    block = {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Paris"}}
    other = {**block, "id": "c2", "input": {"city": "Rome"}}
    server.says(answer_of({"type": "text", "text": "Looking."}, block, other, stop_reason="tool_use"))
    server.says(answer_of({"type": "text", "text": "Sunny."}))
    answer = await ask(server, resources, dataclasses.replace(REQUEST, tools=(WEATHER,)))
    assert answer.finish_reason == "tool_calls"
    turns = (
        *REQUEST.messages,
        Message(role="assistant", content=answer.text, tool_calls=answer.tool_calls),
        Message(role="tool", content="sun", tool_call_id="c1"),
        Message(role="tool", content="rain", tool_call_id="c2"),
    )
    await ask(server, resources, dataclasses.replace(REQUEST, messages=turns, tools=(WEATHER,)))
    assert server.bodies[1]["messages"][1:] == [
        {"role": "assistant", "content": [{"type": "text", "text": "Looking."}, block, other]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": "sun"},
                {"type": "tool_result", "tool_use_id": "c2", "content": "rain"},
            ],
        },
    ]


async def test_text_blocks_are_joined_and_the_end_is_named_as_everywhere(server, resources):
    server.says(answer_of({"type": "text", "text": "good "}, {"type": "text", "text": "day"}, stop_reason="max_tokens"))
    answer = await ask(server, resources, input_price=1.0, output_price=2.0)
    assert (answer.text, answer.finish_reason, answer.model) == ("good day", "length", "claude-fake")
    assert answer.usage.cost == pytest.approx(0.00002)


async def test_a_schema_is_forced_by_a_tool_whose_input_is_the_answer(server, resources):
    server.says(
        answer_of(
            {"type": "tool_use", "id": "t", "name": "answer", "input": {"b": "é", "a": 1}}, stop_reason="tool_use"
        )
    )
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    answer = await ask(server, resources, dataclasses.replace(REQUEST, response_schema=schema))
    assert server.bodies[0]["tools"][0]["input_schema"] == schema
    assert server.bodies[0]["tool_choice"] == {"type": "tool", "name": "answer"}
    assert (answer.text, answer.finish_reason, answer.tool_calls) == ('{"b": "é", "a": 1}', "stop", ())


async def test_tool_turns_are_written_as_blocks(server, resources):
    """Results that follow each other go into one turn of the user, as the endpoint demands."""
    server.says(answer_of({"type": "tool_use", "id": "t3", "name": "find", "input": {"q": 1}}, stop_reason="tool_use"))
    calls = (ToolCall(id="t1", name="find", arguments='{"q": 1}'), ToolCall(id="t2", name="find", arguments=""))
    request = ChatRequest(
        messages=(
            Message(role="user", content="look"),
            Message(role="assistant", content="looking", tool_calls=calls),
            Message(role="tool", content="one", tool_call_id="t1"),
            Message(role="tool", content="two", tool_call_id="t2"),
        )
    )
    answer = await ask(server, resources, request)
    assert server.bodies[0]["messages"] == [
        {"role": "user", "content": "look"},
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "looking"},
                {"type": "tool_use", "id": "t1", "name": "find", "input": {"q": 1}},
                {"type": "tool_use", "id": "t2", "name": "find", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": "one"},
                {"type": "tool_result", "tool_use_id": "t2", "content": "two"},
            ],
        },
    ]
    assert answer.finish_reason == "tool_calls"
    assert answer.tool_calls == (ToolCall(id="t3", name="find", arguments='{"q": 1}'),)


async def test_broken_tool_arguments_in_the_request_are_named(server, resources):
    broken = Message(role="assistant", content="", tool_calls=(ToolCall(id="t9", name="f", arguments="{"),))
    with pytest.raises(ModelFailure, match="'t9' are not JSON"):
        await ask(server, resources, ChatRequest(messages=(broken,)))


async def test_an_answer_without_content_is_an_infra_failure(server, resources):
    server.says({"type": "message"})
    with pytest.raises(InfraFailure, match="without content"):
        await ask(server, resources)


async def test_an_overloaded_endpoint_is_tried_again(server, resources, waits):
    """529 is this endpoint's own status for overload."""
    server.says({"type": "error"}, status=529)
    server.says(answer_of({"type": "text", "text": "hello"}))
    assert (await ask(server, resources)).text == "hello"
    assert waits == [0.25]
