"""Turns in the form of Gemini's API, as Vertex AI takes them for tuning."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.conversation import call_arguments, require_alternating, require_answered_calls, split_system
from preceptor.datasets.tool_definitions import tool_definitions
from preceptor.datasets.types import Record
from preceptor.models.types import Message


def gemini_contents(record: Record) -> list[JsonValue]:
    """`contents`: turns of `user` and `model`, their texts, function calls and function responses as parts.

    Raises InputError when turns do not alternate, a system turn comes late, or calls are wrong.
    """
    turns = split_system(record).turns
    require_alternating(record, turns)
    require_answered_calls(record)
    return _contents(record, turns)


def gemini_system(record: Record) -> JsonObject | None:
    """The system text as Gemini's API has it; None without any."""
    system = split_system(record).system
    return None if system is None else {"role": "system", "parts": [{"text": system}]}


def gemini_tools(record: Record) -> list[JsonValue]:
    """The tools as function declarations; an empty list without any."""
    declarations: list[JsonValue] = [
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        for tool in tool_definitions(record)
    ]
    return [{"functionDeclarations": declarations}] if declarations else []


def _contents(record: Record, turns: Sequence[Message]) -> list[JsonValue]:
    rows: list[JsonValue] = []
    parts: list[JsonValue] = []
    names: dict[str, str] = {}
    for place, turn in enumerate(turns):
        if turn.role == "tool":
            name = names[turn.tool_call_id or ""]
            parts.append({"functionResponse": {"name": name, "response": {"output": turn.content}}})
            if place + 1 == len(turns) or turns[place + 1].role != "tool":
                rows.append({"role": "user", "parts": parts})
                parts = []
            continue
        names = {call.id: call.name for call in turn.tool_calls}
        text: list[JsonValue] = [{"text": turn.content}] if turn.content or not turn.tool_calls else []
        calls: list[JsonValue] = [
            {"functionCall": {"name": call.name, "args": call_arguments(record, call)}} for call in turn.tool_calls
        ]
        rows.append({"role": "model" if turn.role == "assistant" else "user", "parts": text + calls})
    return rows
