"""Rows in the form of OpenAI's chat API, as several fine-tuning services take them."""

from __future__ import annotations

from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.conversation import call_arguments, require_answer_last, require_answered_calls, require_prompt
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.tool_definitions import tool_rows
from preceptor.datasets.types import Record

TrainOn = Literal["all", "last"]


def chat_row(record: Record, train_on: TrainOn) -> JsonObject:
    """`{"messages": [...]}`, with `tools` where the record offers some.

    An answer that only calls tools has no `content`. `train_on`: `last` gives all answers but the
    last the weight 0. Raises InputError when the last turn is no answer, a call has no result, a
    tool is not defined, or arguments are no JSON object.
    """
    require_answer_last(record)
    tools = checked_tools(record)
    messages = chat_messages(record)
    if train_on == "last":
        for message in messages[:-1]:
            if isinstance(message, dict) and message["role"] == "assistant":
                message["weight"] = 0
    return {"messages": messages, **({"tools": tools} if tools else {})}


def chat_preference_rows(record: Record, from_ranking: RankingPairs) -> list[JsonObject]:
    """`{"input": {"messages", "tools"}, "preferred_output": [...], "non_preferred_output": [...]}`, one a pair.

    Raises InputError when the prompt does not ask for an answer, one is missing or empty, or tools are wrong.
    """
    rows: list[JsonObject] = []
    for pair in preference_pairs(record, from_ranking):
        require_prompt(record)
        if not (pair.chosen.strip() and pair.rejected.strip()):
            raise InputError(f"record {record.id!r} has an empty answer; the API wants words in both")
        tools = checked_tools(record)
        rows.append(
            {
                "input": {"messages": chat_messages(record), **({"tools": tools} if tools else {})},
                "preferred_output": [{"role": "assistant", "content": pair.chosen}],
                "non_preferred_output": [{"role": "assistant", "content": pair.rejected}],
            }
        )
    return rows


def chat_messages(record: Record) -> list[JsonValue]:
    """The turns; an answer that only calls tools has no `content`."""
    rows = message_rows(record.messages)
    for row in rows:
        if isinstance(row, dict) and row.get("tool_calls") and row["content"] == "":
            del row["content"]
    return rows


def checked_tools(record: Record) -> list[JsonValue]:
    """The tools, after the calls and their arguments were checked against them."""
    tools = tool_rows(record)
    require_answered_calls(record)
    for turn in record.messages:
        for call in turn.tool_calls:
            call_arguments(record, call)
    return tools
