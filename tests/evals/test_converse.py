"""Conversations: scripted users, tools, limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from preceptor.evals.converse import Conversation, Setting, converse
from preceptor.evals.tools import tool_kit
from preceptor.evals.types import EvalCase, Limits, RecordedToolResult, Suite, SuiteTool
from preceptor.models.target import Target
from preceptor.models.types import ChatRequest, Completion, Message, Sampling, Tool, ToolCall, Usage

TARGET = Target(name="t", provider={"kind": "fake"}, system="s", sampling=Sampling(max_tokens=100, seed=7))
LOOK = SuiteTool(
    tool=Tool(
        name="look",
        parameters={
            "type": "object",
            "properties": {"id": {"type": "integer"}},
            "required": ["id"],
            "additionalProperties": False,
        },
    )
)


class Script:
    """Says its answers in turn and keeps the requests."""

    def __init__(self, answers: Sequence[Completion]) -> None:
        self.answers = list(answers)
        self.requests: list[ChatRequest] = []

    async def complete(self, request: ChatRequest) -> Completion:
        self.requests.append(request)
        return self.answers.pop(0)


def says(text: str, num_out: int | None = 5) -> Completion:
    usage = Usage(input_tokens=10, output_tokens=num_out, cost=0.25)
    return Completion(text=text, model="m", usage=usage, latency_seconds=0.5)


def calls(*written: str, name: str = "look") -> Completion:
    made = tuple(ToolCall(id=f"c{n}", name=name, arguments=arguments) for n, arguments in enumerate(written))
    return Completion(text="", model="m", tool_calls=made, usage=Usage(output_tokens=2))


async def talk(
    script: Script, case: EvalCase, *, limits: Limits = Limits(), tools: tuple[SuiteTool, ...] = (LOOK,), epoch: int = 1
) -> Conversation:
    suite = Suite(name="s", cases=(case,), graders={}, primary="m", tools=tools)
    setting = Setting(model=script, target=TARGET, kit=tool_kit(suite, {}), limits=limits)
    return await converse(setting, case, epoch)


def case(**changed) -> EvalCase:
    return EvalCase(id="c", messages=(Message(role="user", content="hi"),), **changed)


def said_by_tools(conversation: Conversation) -> list[str]:
    return [turn.content for turn in conversation.turns if turn.role == "tool"]


async def test_a_single_answer_is_all_there_is():
    script = Script([says("hello")])
    found = await talk(script, case(), tools=())
    assert (found.output, found.num_steps, found.stop_reason, found.is_cached) == ("hello", 1, "", False)
    assert found.turns == (Message(role="assistant", content="hello"),)
    assert found.usage == Usage(input_tokens=10, output_tokens=5, cost=0.25)
    assert script.requests[0].tools == ()


async def test_the_scripted_user_speaks_after_each_answer_and_figures_are_summed():
    script = Script([says("a"), says("b"), says("c")])
    found = await talk(script, case(user_turns=("and?", "bye")))
    assert [(turn.role, turn.content) for turn in found.turns] == [
        ("assistant", "a"),
        ("user", "and?"),
        ("assistant", "b"),
        ("user", "bye"),
        ("assistant", "c"),
    ]
    assert [message.content for message in script.requests[2].messages] == ["s", "hi", "a", "and?", "b", "bye"]
    assert (found.output, found.num_steps) == ("c", 3)
    assert (found.usage, found.latency_seconds) == (Usage(input_tokens=30, output_tokens=15, cost=0.75), 1.5)


async def test_each_epoch_has_its_own_seed_and_number():
    """Seed 7 in the first epoch is 9 in the third."""
    script = Script([says("a")])
    await talk(script, case(), epoch=3)
    assert (script.requests[0].sampling.seed, script.requests[0].epoch) == (9, 3)


async def test_recorded_results_answer_calls_in_turn_and_the_last_one_goes_on():
    results = (
        RecordedToolResult(name="look", arguments={"id": 1}, content="first"),
        RecordedToolResult(name="look", content="any"),
        RecordedToolResult(name="look", arguments={"id": 1}, content="second"),
    )
    script = Script([calls('{"id": 1}', '{"id": 1.0}'), calls('{"id": 1}', '{"id": 2}'), says("done")])
    found = await talk(script, case(tool_results=results))
    assert said_by_tools(found) == ["first", "second", "second", "any"]
    assert (found.num_steps, found.stop_reason) == (3, "")
    assert found.usage.output_tokens == 9
    assert found.usage.cost is None
    tool_turn = script.requests[1].messages[-1]
    assert (tool_turn.role, tool_turn.name, tool_turn.tool_call_id) == ("tool", "look", "c1")


async def test_a_wrong_call_is_told_to_the_model_and_counts_as_a_step():
    script = Script([calls('{"id": "x", "b": 1}'), calls("not json"), calls("{}", name="lok"), says("sorry")])
    found = await talk(script, case())
    first, second, third = said_by_tools(found)
    assert "id: 'x' is not of type 'integer'" in first
    assert "'b' was unexpected" in first
    assert "not JSON" in second
    assert third == "error: there is no tool 'lok'; there are: look"
    assert (found.num_steps, found.stop_reason, found.output) == (4, "", "sorry")


async def test_a_call_that_nothing_answers_shows_in_the_stop_reason():
    found = await talk(Script([calls('{"id": 1}'), says("ok")]), case())
    assert said_by_tools(found) == ["error: no recorded result for this call"]
    assert found.stop_reason == "no recorded result: look"


async def test_the_limit_of_steps_stops_before_the_calls_are_answered():
    asking = case(tool_results=(RecordedToolResult(name="look", content="seen"),))
    found = await talk(Script([calls('{"id": 1}'), calls('{"id": 2}')]), asking, limits=Limits(max_steps=2))
    assert (found.num_steps, found.stop_reason) == (2, "max_steps: stopped after 2 answers")
    assert [turn.role for turn in found.turns] == ["assistant", "tool", "assistant"]


async def test_the_limit_of_tokens_is_held_over_all_answers():
    """Of 150 tokens the first answer may take its 100 and takes 60; the second may take 90, says nothing, so counts 90."""
    script = Script([says("a", 60), says("b", None)])
    found = await talk(script, case(user_turns=("x", "y")), limits=Limits(max_output_tokens=150))
    assert [request.sampling.max_tokens for request in script.requests] == [100, 90]
    assert found.stop_reason == "max_output_tokens: stopped after 150 tokens"
    assert found.usage.output_tokens is None


async def test_a_conversation_is_cached_only_when_every_answer_was():
    recorded = dataclasses.replace(says("a"), recorded=True)
    assert (await talk(Script([recorded, recorded]), case(user_turns=("x",)))).is_cached
    assert not (await talk(Script([recorded, says("b")]), case(user_turns=("x",)))).is_cached


async def test_too_many_calls_in_one_answer_are_each_answered_with_an_error():
    found = await talk(Script([calls(*['{"id": 1}'] * 66), says("ok")]), case())
    assert [text.startswith("error: more than 64 calls") for text in said_by_tools(found)] == [False] * 64 + [True] * 2
