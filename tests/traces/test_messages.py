"""Conversations of the common interfaces read as the same messages."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.models.types import Message, ToolCall
from preceptor.traces.messages import read_messages, split_at_answer

CALL = ToolCall(id="c1", name="find", arguments='{"city":"Paris"}')


def test_openai_anthropic_and_opentelemetry_calls_are_the_same():
    arguments = {"city": "Paris"}
    openai = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": '{"city":"Paris"}'}}],
    }
    anthropic = {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "find", "input": arguments}]}
    otel = {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "find", "arguments": arguments}]}
    wanted = (Message(role="assistant", content="", tool_calls=(CALL,)),)
    assert [read_messages([one], "m") for one in (openai, anthropic, otel)] == [wanted] * 3


def test_tool_results_inside_a_user_message_become_tool_messages():
    parts = [{"type": "tool_result", "tool_use_id": "c1", "content": "rainy"}, {"type": "text", "text": "Thanks"}]
    made = read_messages([{"role": "user", "content": parts}], "m")
    assert [(m.role, m.content, m.tool_call_id) for m in made] == [("tool", "rainy", "c1"), ("user", "Thanks", None)]


def test_tool_result_may_be_named_response_or_result():
    made = [
        read_messages([{"role": "tool", "parts": [{"type": "tool_call_response", "id": "1", key: {"t": 57}}]}], "m")
        for key in ("response", "result")
    ]
    assert made[0] == made[1]
    assert made[0][0].content == '{"t":57}'


def test_hidden_reasoning_is_left_out_and_an_image_leaves_a_mark():
    parts = [
        {"type": "reasoning", "content": "hm"},
        {"type": "image_url", "image_url": {}},
        {"type": "text", "text": "A cat"},
    ]
    assert read_messages([{"role": "assistant", "content": parts}], "m")[0].content == "[image_url]\nA cat"


def test_older_forms_are_read():
    """An object that holds the messages, a single function call, a refusal, parts that are plain texts."""
    call = {"name": "find", "arguments": '{"city":"Paris"}'}
    turns = [
        {"role": "assistant", "content": None, "function_call": call},
        {"role": "assistant", "content": None, "refusal": "I cannot"},
        {"role": "user", "content": ["one", "two"]},
        {"role": "function", "name": "find", "content": {"t": 1}},
    ]
    made = read_messages({"messages": turns}, "m")
    assert made[0].tool_calls == (ToolCall(id="", name="find", arguments='{"city":"Paris"}'),)
    assert [message.content for message in made] == ["", "I cannot", "one\ntwo", '{"t":1}']


def test_developer_and_human_are_known_roles():
    made = read_messages([{"role": "developer", "content": "x"}, {"role": "Human", "content": "y"}], "m")
    assert [message.role for message in made] == ["system", "user"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "must be a list of messages, not a number"),
        ([5], r"m\[0\] must be an object"),
        ([{"role": "wizard", "content": ""}], "known roles are"),
        ([{"role": ["user"], "content": ""}], "known roles are"),
        ([{"role": "user"}], "has no content"),
        ([{"role": "user", "content": 5}], "must be a text or a list of parts"),
        ([{"role": "user", "content": [5]}], r"content\[0\] must be an object"),
        ([{"role": "assistant", "content": "", "tool_calls": "x"}], "must be a list"),
        ([{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": None}}]}], "name must be a text"),
        ([{"role": "user", "content": "x", "name": {}}], "name must be a text, not a mapping"),
        ([{"role": "user", "content": ""}] * 10_001, "10,001 messages"),
    ],
)
def test_wrong_types_are_named(value, said):
    with pytest.raises(InputError, match=said):
        read_messages(value, "m")


def test_conversation_is_divided_at_the_last_answer():
    turns = read_messages(
        [{"role": role, "content": role} for role in ("user", "assistant", "assistant", "tool", "user")], "m"
    )
    before, answer, later = split_at_answer(turns)
    assert (len(before), answer, [message.role for message in later]) == (2, turns[2], ["tool", "user"])


def test_conversation_without_an_answer_has_none():
    turns = read_messages("Hi", "prompt")
    assert split_at_answer(turns) == (turns, None, ())
