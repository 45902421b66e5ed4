"""Conversations in the ShareGPT shape, as LLaMA-Factory reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.conversation import call_arguments, require_alternating, split_system
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.tool_definitions import tool_definitions
from preceptor.datasets.types import Record
from preceptor.models.types import Message

# How LLaMA-Factory itself joins the results of parallel calls (OpenAIDatasetConverter, version 0.9.5).
BETWEEN_RESULTS = "\n</tool_response>\n<tool_response>\n"


def sharegpt_row(record: Record) -> JsonObject:
    """`conversations` with the system text and the tools beside them, and the provenance.

    `system` and `tools` are empty texts where there are none: LLaMA-Factory reads the columns of all
    rows. Raises InputError when user and assistant do not alternate, a system turn comes late, or
    an answer has words as well as calls, which the shape has no place for.
    """
    system, turns = split_system(record)
    require_alternating(record, turns)
    tools = [tool._asdict() for tool in tool_definitions(record)]
    return {
        "conversations": _turns(record, turns),
        "system": system or "",
        "tools": json.dumps(tools, ensure_ascii=False) if tools else "",
        **provenance_columns(record),
    }


def dataset_name(file_name: str) -> str:
    """The name under which LLaMA-Factory knows a file: its own, with nothing but letters, digits, dots, _ and -.

    >>> dataset_name("my support.jsonl")
    'my_support'
    """
    return re.sub(r"[^A-Za-z0-9._-]", "_", file_name.rpartition(".")[0] or file_name)


def _turns(record: Record, turns: Sequence[Message]) -> list[JsonValue]:
    rows: list[JsonValue] = []
    results: list[str] = []
    for place, turn in enumerate(turns):
        if turn.role == "tool":
            results.append(turn.content)
            if place + 1 == len(turns) or turns[place + 1].role != "tool":
                rows.append({"from": "observation", "value": BETWEEN_RESULTS.join(results)})
                results = []
        elif turn.role == "user":
            rows.append({"from": "human", "value": turn.content})
        else:
            rows.append(_answer(record, turn))
    return rows


def _answer(record: Record, turn: Message) -> JsonObject:
    if not turn.tool_calls:
        return {"from": "gpt", "value": turn.content}
    if turn.content.strip():
        raise InputError(
            f"record {record.id!r} has an answer with words and calls; the ShareGPT shape takes one of them"
        )
    calls: list[JsonValue] = [
        {"name": call.name, "arguments": call_arguments(record, call)} for call in turn.tool_calls
    ]
    return {"from": "function_call", "value": json.dumps(calls[0] if len(calls) == 1 else calls, ensure_ascii=False)}
