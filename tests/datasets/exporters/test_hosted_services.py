"""Rows as the pages of the hosted services show them: OpenAI, Together, Fireworks, Mistral, Bedrock, Vertex."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.models.types import Message, ToolCall

OTHER = ToolCall(id="call_two", name="find", arguments="{}")
SERVICES = ["openai-ft", "together", "fireworks", "mistral"]


def test_openai_rows_hold_parallel_calls_and_the_tools(with_tools, rows):
    (row,) = rows("openai-ft", with_tools)
    assert row["parallel_tool_calls"] is True
    assert row["messages"][2] == {
        "role": "assistant",
        "tool_calls": [
            {"id": "call_one", "type": "function", "function": {"name": "find", "arguments": '{"number": 1}'}},
            {"id": "call_two", "type": "function", "function": {"name": "find", "arguments": '{"number": 2}'}},
        ],
    }
    assert row["tools"][0]["function"]["parameters"]["properties"] == {"number": {"type": "integer"}}
    assert rows("openai-ft", with_tools, parallel_tool_calls=False)[0]["parallel_tool_calls"] is False


def test_only_the_last_answer_is_learnt_when_asked(chat, rows):
    for name in ("openai-ft", "fireworks", "mistral"):
        (row,) = rows(name, chat, train_on="last")
        assert [turn.get("weight") for turn in row["messages"]] == [None, None, 0, None, None]
        assert all("weight" not in turn for turn in rows(name, chat)[0]["messages"])


@pytest.mark.parametrize("name", ["openai-preference", "together-preference", "fireworks-preference"])
def test_a_pair_is_an_input_and_two_outputs(pair, rows, name):
    assert rows(name, pair) == [
        {
            "input": {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]},
            "preferred_output": [{"role": "assistant", "content": "Hello."}],
            "non_preferred_output": [{"role": "assistant", "content": "What?"}],
        }
    ]


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("turn", "change", "reason"),
    [
        (-1, {"role": "user"}, "ends with a turn of the user|two turns of the user side"),
        (3, {"tool_call_id": "other"}, r"messages\[3\] of record 't' answers no call \('other'\)"),
        (4, {"role": "user", "tool_call_id": None}, "has no result for the call 'call_two'|two turns of the user side"),
        (
            2,
            {"tool_calls": (ToolCall(id="call_one", name="lose", arguments="{}"), OTHER)},
            "calls 'lose', which is not among",
        ),
        (
            2,
            {"tool_calls": (ToolCall(id="call_one", name="find", arguments="{oops"), OTHER)},
            "'call_one' of 'find': not JSON",
        ),
        (
            2,
            {"tool_calls": (ToolCall(id="call_one", name="find", arguments="[1]"), OTHER)},
            "'call_one' of 'find': the arguments must be an object",
        ),
    ],
)
def test_what_the_service_would_refuse_is_refused_by_name(with_tools, rows, name, turn, change, reason):
    turns = list(with_tools.messages)
    turns[turn] = replace(turns[turn], **change)
    with pytest.raises(InputError, match=reason):
        rows(name, replace(with_tools, messages=tuple(turns)))


@pytest.mark.parametrize(
    ("tool", "reason"),
    [
        ({"type": "function", "function": {"name": "find me", "parameters": {}}}, "has the name 'find me'"),
        ({"type": "function", "function": {"name": "../find", "parameters": {}}}, "has the name '../find'"),
        ({"type": "function", "function": {"name": "x" * 65, "parameters": {}}}, "has the name 'xxx"),
        (
            {"type": "function", "function": {"name": "find", "parameters": "none"}},
            "parameters that are no JSON schema",
        ),
        ({"type": "function", "function": "find"}, "has no function"),
        ({"name": 5}, "has the name 5"),
    ],
)
def test_a_tool_that_is_no_definition_is_refused_with_its_place(with_tools, rows, tool, reason):
    with pytest.raises(InputError, match=reason):
        rows("openai-ft", replace(with_tools, tools=(tool,)))


def test_a_tool_written_as_the_function_alone_is_wrapped(with_tools, rows):
    alone = replace(with_tools, tools=(with_tools.tools[0]["function"],))
    assert rows("openai-ft", alone) == rows("openai-ft", with_tools)


def test_an_unknown_role_is_refused(chat, rows):
    odd = replace(chat, messages=(Message(role="narrator", content="x"), *chat.messages))
    with pytest.raises(InputError, match="has a turn of the 'narrator'"):
        rows("openai-ft", odd)


def test_mistral_ids_have_nine_letters_the_same_in_call_and_result(with_tools, rows):
    """mistral-finetune wants ids of exactly nine characters."""
    (row,) = rows("mistral", with_tools)
    ids = [call["id"] for call in row["messages"][2]["tool_calls"]]
    assert [len(one) for one in ids] == [9, 9]
    assert [turn["tool_call_id"] for turn in row["messages"][3:5]] == ids


def test_bedrock_converse_is_as_its_page_shows(chat, with_tools, rows):
    assert rows("bedrock-converse", chat)[0] == {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": "Be brief."}],
        "messages": [
            {"role": "user", "content": [{"text": "2 + 2?"}]},
            {"role": "assistant", "content": [{"text": "4"}]},
            {"role": "user", "content": [{"text": "3 + 3?"}]},
            {"role": "assistant", "content": [{"text": "6"}]},
        ],
    }
    with pytest.raises(InputError, match="uses tools; set `tools`"):
        rows("bedrock-converse", with_tools)
    (row,) = rows("bedrock-converse", with_tools, tools=True)
    assert row["messages"][1]["content"][1] == {
        "toolUse": {"toolUseId": "call_two", "name": "find", "input": {"number": 2}}
    }
    assert row["messages"][2] == {
        "role": "user",
        "content": [
            {"toolResult": {"toolUseId": "call_one", "content": [{"text": "shipped"}]}},
            {"toolResult": {"toolUseId": "call_two", "content": [{"text": "lost"}]}},
        ],
    }
    assert row["toolConfig"]["tools"][0]["toolSpec"]["name"] == "find"


def test_bedrock_claude_has_system_and_messages_and_no_other_key(chat, rows):
    (row,) = rows("bedrock-claude", chat)
    assert list(row) == ["system", "messages"]
    assert row["messages"][0] == {"role": "user", "content": "2 + 2?"}


def test_bedrock_prompt_takes_one_question(chat, rows):
    one = replace(chat, messages=chat.messages[:3])
    assert rows("bedrock-prompt", one) == [{"prompt": "Be brief.\n\n2 + 2?", "completion": "4"}]
    with pytest.raises(InputError, match="has a prompt of 3 turns"):
        rows("bedrock-prompt", chat)


def test_vertex_is_as_its_pages_show(with_tools, rows):
    (row,) = rows("vertex", with_tools)
    assert row["systemInstruction"] == {"role": "system", "parts": [{"text": "Be brief."}]}
    assert [turn["role"] for turn in row["contents"]] == ["user", "model", "user", "model"]
    assert row["contents"][1]["parts"][0] == {"functionCall": {"name": "find", "args": {"number": 1}}}
    assert row["contents"][2]["parts"][1] == {"functionResponse": {"name": "find", "response": {"output": "lost"}}}
    assert row["tools"][0]["functionDeclarations"][0]["name"] == "find"


def test_vertex_preference_scores_the_better_one_with_1(pair, rows):
    assert rows("vertex-preference", pair) == [
        {
            "system_instruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
            "completions": [
                {"score": 1, "completion": {"role": "model", "parts": [{"text": "Hello."}]}},
                {"score": 0, "completion": {"role": "model", "parts": [{"text": "What?"}]}},
            ],
        }
    ]


@pytest.mark.parametrize("name", ["together", "bedrock-converse", "bedrock-claude", "vertex"])
def test_a_late_system_turn_has_no_place(chat, rows, name):
    late = replace(chat, messages=(*chat.messages[1:3], chat.messages[0], *chat.messages[3:]))
    with pytest.raises(InputError, match="has a system turn in the middle"):
        rows(name, late)
