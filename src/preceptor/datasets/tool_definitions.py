"""The tools that a record offers, in the one form that all chat formats are made from."""

from __future__ import annotations

import re
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.types import Record

# The API reference of chat completions: letters, digits, underscores and dashes, at most 64.
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class ToolDefinition(NamedTuple):
    """A function that may be called; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: JsonObject


def tool_definitions(record: Record) -> tuple[ToolDefinition, ...]:
    """The tools of a record, written as `{"type": "function", "function": {...}}` or as the function alone.

    Raises InputError, naming the place, for one that is no definition, a name that APIs refuse, a
    name that stands twice, or a call of a tool that is not among them.
    """
    found = tuple(
        _definition(tool, f"tools[{place}] of record {record.id!r}") for place, tool in enumerate(record.tools)
    )
    names = [tool.name for tool in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"record {record.id!r} defines the tool {twice!r} twice; keep one")
    for turn in record.messages:
        for call in turn.tool_calls:
            if call.name not in names:
                raise InputError(
                    f"record {record.id!r} calls {call.name!r:.80}, which is not among its tools; define it"
                )
    return found


def tool_rows(record: Record) -> list[JsonValue]:
    """The tools in the form of OpenAI's chat API; an empty list without any."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in tool_definitions(record)
    ]


def _definition(tool: JsonObject, place: str) -> ToolDefinition:
    function = tool.get("function", tool)
    if not isinstance(function, dict):
        raise InputError(f"{place} has no function; write {{'type': 'function', 'function': {{...}}}}")
    name, description = function.get("name"), function.get("description", "")
    parameters = function.get("parameters", {})
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(f"{place} has the name {name!r:.80}; APIs take letters, digits, _ and -, at most 64 of them")
    if not isinstance(description, str):
        raise InputError(f"{place} has a description that is no text; write one")
    if not isinstance(parameters, dict):
        raise InputError(f"{place} has parameters that are no JSON schema; write an object")
    return ToolDefinition(name, description, parameters)
