"""The real small model on the CPU; a few short answers, because each takes about a second."""

import asyncio
import dataclasses
import json
import subprocess
import sys
import time

import pytest

from preceptor.core.errors import InputError, NotFoundError
from preceptor.models.failures import ModelFailure
from preceptor.models.provider import providers
from preceptor.models.providers import local
from preceptor.models.providers.local import Local
from preceptor.models.types import ChatRequest, Message, Sampling, Tool, ToolCall

SYSTEM = Message(role="system", content="You are the support desk of a shop for outdoor gear. Answer in one sentence.")
SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "maxLength": 30}, "category": {"enum": ["billing", "shipping"]}},
    "required": ["answer", "category"],
    "additionalProperties": False,
}
QUESTIONS = ("Where is my parcel?", "Where is my parcel now, and when will it come?", "Why was I charged twice?")


def question(text: str, max_tokens: int = 16, schema=None) -> ChatRequest:
    return ChatRequest(
        messages=(SYSTEM, Message(role="user", content=text)),
        sampling=Sampling(max_tokens=max_tokens),
        response_schema=schema,
    )


@pytest.fixture
def machine(resources, pulled_cache):
    return dataclasses.replace(resources, cache_folder=pulled_cache, stopwatch=time.monotonic)


@pytest.mark.local_model
async def test_the_model_answers_with_its_tokens_counted(machine):
    async with Local(model="smollm2-135m").open(machine) as model:
        answer = await model.complete(question(QUESTIONS[0]))
    assert answer.text.strip()
    assert (answer.finish_reason, answer.usage.output_tokens) == ("length", 16)
    assert answer.usage.input_tokens is not None
    assert answer.latency_seconds is not None
    assert answer.latency_seconds > 0


@pytest.mark.local_model
async def test_an_answer_depends_on_nothing_but_its_request(machine):
    """Alone and cold; after others, which leaves a shared beginning in the cache; beside others, on two threads."""
    alone = []
    for text in QUESTIONS:
        async with Local(model="smollm2-135m").open(machine) as model:
            alone.append((await model.complete(question(text))).text)
    async with Local(model="smollm2-135m").open(machine) as model:
        after = [(await model.complete(question(text))).text for text in reversed(QUESTIONS)]
    async with Local(model="smollm2-135m").open(dataclasses.replace(machine, threads=2)) as model:
        beside = await asyncio.gather(*(model.complete(question(text)) for text in QUESTIONS * 2))
    assert after[::-1] == alone
    assert [answer.text for answer in beside] == alone * 2


@pytest.mark.local_model
async def test_a_schema_gives_json_of_its_shape(machine):
    async with Local(model="smollm2-135m").open(machine) as model:
        answer = await model.complete(question(QUESTIONS[2], max_tokens=120, schema=SCHEMA))
    value = json.loads(answer.text)
    assert list(value) == ["answer", "category"]
    assert value["category"] in {"billing", "shipping"}


@pytest.mark.local_model
async def test_requests_that_cannot_be_answered_are_the_models_no(machine):
    """And the model goes on with the next one."""
    async with Local(model="smollm2-135m", context_tokens=256).open(machine) as model:
        with pytest.raises(ModelFailure, match="context"):
            await model.complete(question("word " * 400))
        with pytest.raises(ModelFailure, match="unrecognized type"):
            await model.complete(question("hi", schema={"type": "nonsense"}))
        assert (await model.complete(question("hi", max_tokens=2))).usage.output_tokens == 2


@pytest.mark.local_model
async def test_a_cancelled_answer_stops_and_leaves_the_model_usable(machine):
    async with Local(model="smollm2-135m").open(machine) as model:
        long = asyncio.create_task(model.complete(question("Tell a very long story.", max_tokens=3000)))
        await asyncio.sleep(0.5)
        long.cancel()
        with pytest.raises(asyncio.CancelledError):
            await long
        answer = await asyncio.wait_for(model.complete(question("hi", max_tokens=2)), 20)
    assert answer.usage.output_tokens == 2


@pytest.mark.local_model
async def test_a_closed_model_says_so(machine):
    async with Local(model="smollm2-135m").open(machine) as model:
        pass
    with pytest.raises(InputError, match="is closed"):
        await model.complete(question("hi"))


@pytest.mark.local_model
def test_the_program_ends_by_itself_and_the_runtime_prints_nothing(pulled_cache, tmp_path):
    """Also when an answer is under way as the block ends."""
    script = f"""
import asyncio
from pathlib import Path
from preceptor.models.provider import Resources
from preceptor.models.providers.local import Local
from preceptor.models.types import ChatRequest, Message, Sampling, Tool, ToolCall

async def main():
    resources = Resources(secret=lambda name: None, cache_folder=Path({str(pulled_cache)!r}))
    async with Local(model="smollm2-135m").open(resources) as model:
        ask = ChatRequest(messages=(Message(role="user", content="Tell a story"),), sampling=Sampling(max_tokens=3000))
        under_way = asyncio.create_task(model.complete(ask))
        await asyncio.sleep(0.5)
    print("closed")

asyncio.run(main())
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("closed\n", "", 0)


@pytest.mark.local_model
async def test_a_cut_off_file_is_refused(machine, tmp_path, pulled_cache):
    from preceptor.models.catalogue import find_model

    with find_model("smollm2-135m", pulled_cache).open("rb") as stream:
        (tmp_path / "cut.gguf").write_bytes(stream.read(5_000_000))
    with pytest.raises(InputError, match="cannot be loaded"):
        async with Local(model="cut.gguf").open(machine):
            pass


async def test_missing_weights_say_what_to_run(resources):
    with pytest.raises(NotFoundError, match="run `preceptor models pull smollm2-135m`"):
        async with Local(model="smollm2-135m").open(resources):
            pass


async def test_a_missing_runtime_says_what_to_install(resources, tmp_path, monkeypatch):
    (tmp_path / "own.gguf").write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(NotFoundError, match=r"pip install 'preceptor\[local\]'"):
        async with Local(model="own.gguf").open(resources):
            pass


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"model": ""}, "one of: smollm2-135m"),
        ({"context_tokens": 1}, "context_tokens is 1"),
        ({"prompt_batch": 0}, "prompt_batch is 0"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        providers.create("local", {"model": "smollm2-135m", **wrong})


def test_the_runtime_is_asked_for_plain_sampling():
    """Its own defaults would cut the distribution that the request asks for."""
    body = local._body("m", question("hi"))
    assert (body["top_k"], body["min_p"], body["top_p"], body["temperature"]) == (0, 0.0, 1.0, 0.0)


@pytest.mark.local_model
async def test_a_model_whose_template_has_no_tools_says_so(machine):
    """It would never see them, and its answers would count as bad calls."""
    async with Local(model="smollm2-135m").open(machine) as model:
        with pytest.raises(InputError, match="takes no tools"):
            await model.complete(dataclasses.replace(question("time?"), tools=(Tool(name="now"),)))


def test_tool_calls_are_put_together_from_their_pieces():
    """Two parallel calls as the runtime streams them, in the shape of OpenAI's documentation."""
    pieces = local._Pieces(stopped=lambda: False)
    for index, call in (
        (0, {"id": "c0", "function": {"name": "find", "arguments": ""}}),
        (0, {"function": {"arguments": '{"q":'}}),
        (1, {"id": "c1", "function": {"name": "now", "arguments": "{}"}}),
        (0, {"function": {"arguments": " 1}"}}),
    ):
        assert not pieces.take({"choices": [{"delta": {"tool_calls": [{"index": index, **call}]}}]})
    assert list(pieces.calls.values()) == [
        ToolCall(id="c0", name="find", arguments='{"q": 1}'),
        ToolCall(id="c1", name="now", arguments="{}"),
    ]


def test_only_a_pinned_model_may_be_kept_in_the_cache():
    """A file of the user's own may be another one tomorrow."""
    assert Local(model="smollm2-135m").deciding_settings() is not None
    assert Local(model="models/own.gguf").deciding_settings() is None
