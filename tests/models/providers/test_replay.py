import dataclasses
import json

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.models.failures import ModelFailure
from preceptor.models.generate import Pace, Prompt, generate
from preceptor.models.providers.replay import Replay
from preceptor.models.target import Target, request_for
from preceptor.models.types import Message, Sampling, Tool, ToolCall

TARGET = Target(name="t", system="be kind", provider={"kind": "openai", "model": "m"})


def request(text: str, target: Target = TARGET):
    return request_for(target, [Message(role="user", content=text)])


async def replay(resources, asked):
    async with Replay(path="log.jsonl").open(resources) as model:
        return await model.complete(asked)


@pytest.fixture
async def recorded(server, resources, tmp_path):
    """A log that `generate` wrote: p0 answered, p1 refused, p2 failed."""
    server.chats("good day")
    server.says("refused", status=400)
    server.says("down", status=500)
    target = dataclasses.replace(TARGET, provider={**TARGET.provider, "base_url": server.url, "max_retries": 0})
    prompts = [Prompt(id=f"p{number}", text=f"question {number}") for number in range(3)]
    await generate(target, prompts, tmp_path / "log.jsonl", resources, Pace(concurrency=1))
    return tmp_path / "log.jsonl"


async def test_a_recorded_answer_comes_back_and_says_that_it_is_recorded(recorded, resources):
    answer = await replay(resources, request("question 0"))
    assert (answer.text, answer.model, answer.recorded) == ("good day", "fake-1", True)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (10, 5)


async def test_a_recorded_refusal_is_raised_again(recorded, resources):
    with pytest.raises(ModelFailure, match="recorded: .*refused"):
        await replay(resources, request("question 1"))


@pytest.mark.parametrize(
    "asked",
    [
        request("question 9"),
        request("question 0", dataclasses.replace(TARGET, system="be rude")),
        request("question 0", dataclasses.replace(TARGET, sampling=Sampling(temperature=0.1))),
        request("question 0", dataclasses.replace(TARGET, response_schema={"type": "object"})),
    ],
    ids=["text", "prompt", "sampling", "schema"],
)
async def test_an_unknown_request_is_an_error_and_never_a_guess(recorded, resources, asked):
    with pytest.raises(NotFoundError, match="record again with `preceptor models generate`"):
        await replay(resources, asked)


async def test_a_failure_of_the_outside_is_no_recording(recorded, resources):
    with pytest.raises(NotFoundError):
        await replay(resources, request("question 2"))


async def test_two_answers_to_one_request_are_an_error(recorded, resources):
    row = json.loads(recorded.read_text().splitlines()[0])
    row["response"]["choices"][0]["message"]["content"] = "another"
    with recorded.open("a") as stream:
        stream.write(json.dumps(row) + "\n")
    with pytest.raises(InputError, match=r"different answers to the same request \(lines 1, 4\)"):
        await replay(resources, request("question 0"))


async def test_a_file_that_is_no_log_is_named_by_line(resources, tmp_path):
    (tmp_path / "log.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(InputError, match=r"log\.jsonl:1: no `request` object"):
        await replay(resources, request("x"))


async def test_a_missing_recording_is_not_found(resources):
    with pytest.raises(NotFoundError, match=r"log\.jsonl"):
        await replay(resources, request("x"))


async def test_the_same_words_with_other_tools_are_another_request(recorded, resources):
    asked = dataclasses.replace(request("question 0"), tools=(Tool(name="now"),))
    with pytest.raises(NotFoundError, match="tools"):
        await replay(resources, asked)


async def test_a_recorded_tool_call_comes_back(server, resources, tmp_path):
    call = {"id": "c1", "type": "function", "function": {"name": "now", "arguments": "{}"}}
    server.says({"choices": [{"message": {"content": None, "tool_calls": [call]}, "finish_reason": "tool_calls"}]})
    target = dataclasses.replace(TARGET, provider={**TARGET.provider, "base_url": server.url})
    await generate(target, [Prompt(id="p", text="what time?")], tmp_path / "log.jsonl", resources)
    answer = await replay(resources, request("what time?"))
    assert answer.tool_calls == (ToolCall(id="c1", name="now", arguments="{}"),)
    assert answer.finish_reason == "tool_calls"
