"""Rows as LLaMA-Factory's data/README.md shows them; its own converter reads them in test_llama_factory_peer.py."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.models.types import Message


def test_tools_are_function_calls_and_observations(with_tools, rows):
    (row,) = rows("llama-factory-sft", with_tools)
    assert row["system"] == "Be brief."
    assert [turn["from"] for turn in row["conversations"]] == ["human", "function_call", "observation", "gpt"]
    assert json.loads(row["conversations"][1]["value"]) == [
        {"name": "find", "arguments": {"number": 1}},
        {"name": "find", "arguments": {"number": 2}},
    ]
    assert row["conversations"][2]["value"] == "shipped\n</tool_response>\n<tool_response>\nlost"
    (tool,) = json.loads(row["tools"])
    assert (tool["name"], tool["description"]) == ("find", "Find an order.")


def test_one_call_is_an_object(with_tools, rows):
    one = replace(with_tools.messages[2], tool_calls=with_tools.messages[2].tool_calls[:1])
    turns = (*with_tools.messages[:2], one, with_tools.messages[3], with_tools.messages[-1])
    (row,) = rows("llama-factory-sft", replace(with_tools, messages=turns))
    assert json.loads(row["conversations"][1]["value"]) == {"name": "find", "arguments": {"number": 1}}


def test_words_beside_a_call_have_no_place(with_tools, rows):
    turns = list(with_tools.messages)
    turns[2] = replace(turns[2], content="Let me look.")
    with pytest.raises(InputError, match="an answer with words and calls"):
        rows("llama-factory-sft", replace(with_tools, messages=tuple(turns)))


def test_a_pair_is_a_conversation_with_two_turns_beside_it(pair, rows):
    (row,) = rows("llama-factory-preference", pair)
    assert row["conversations"] == [{"from": "human", "value": "Hi"}]
    assert row["chosen"] == {"from": "gpt", "value": "Hello."}
    assert row["rejected"] == {"from": "gpt", "value": "What?"}


def test_a_judged_answer_is_the_last_turn(binary, rows):
    (row,) = rows("llama-factory-kto", binary)
    assert row["conversations"][-1] == {"from": "gpt", "value": "No."}
    assert row["kto_tag"] is False


def test_alpaca_puts_earlier_turns_into_the_history(chat, with_tools, rows):
    assert rows("llama-factory-alpaca", chat) == [
        {"instruction": "3 + 3?", "input": "", "output": "6", "system": "Be brief.", "history": [["2 + 2?", "4"]]}
    ]
    with pytest.raises(InputError, match="uses tools"):
        rows("llama-factory-alpaca", with_tools)


def test_turns_out_of_turn_are_refused(chat, rows):
    twice = replace(chat, messages=(Message(role="user", content="a"), *chat.messages[1:]))
    with pytest.raises(InputError, match="two turns of the user side in a row"):
        rows("llama-factory-sft", twice)
