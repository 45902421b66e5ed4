"""A case as a row of a suite's JSONL file: what is read from the row is the same case again."""

from __future__ import annotations

from preceptor.core.ids import plain, plain_object
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.evals.types import EvalCase
from preceptor.models.types import Message


def case_row(case: EvalCase) -> JsonObject:
    """The row; fields that say nothing are left out.

    >>> case_row(EvalCase(id="c1", messages=(Message(role="user", content="hi"),), slices=("intent=greeting",)))
    {'id': 'c1', 'messages': [{'role': 'user', 'content': 'hi'}], 'target': None, 'slices': {'intent': 'greeting'}}
    """
    row: JsonObject = {
        "id": case.id,
        "messages": [_message_row(message) for message in case.messages],
        "target": plain(case.target),
        "slices": slices_row(case.slices),
    }
    told = plain_object(case)
    for name in ("cluster", "source_id", "metadata", "tags", "goals", "rubric", "user_turns", "tool_results"):
        if told[name]:
            row[name] = told[name]
    return row


def slices_row(slices: tuple[str, ...]) -> JsonValue:
    """A mapping where that says the same, a list otherwise: of names without a value, or several of one name."""
    parts = [name.partition("=") for name in slices]
    written: JsonObject = {name: value for name, _, value in parts}
    sorted_names = tuple(f"{name}={written[name]}" for name in sorted(written))
    is_mapping = all(equals for _, equals, _ in parts) and slices == sorted_names
    return written if is_mapping else list(slices)


def plain_messages(value: JsonValue) -> JsonValue:
    """The messages of a row with tool calls as we write them; they may come as in a chat completions body.

    >>> call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    >>> plain_messages([{"role": "assistant", "content": None, "tool_calls": [call]}])
    [{'role': 'assistant', 'content': '', 'tool_calls': [{'id': '1', 'name': 'look', 'arguments': '{}'}]}]
    """
    return [_plain_message(message) for message in value] if isinstance(value, list) else value


def _plain_message(message: JsonValue) -> JsonValue:
    calls = message.get("tool_calls") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(calls, list):
        return message
    content = "" if message.get("content") is None else message.get("content")
    return {**message, "content": content, "tool_calls": [_plain_call(call) for call in calls]}


def _plain_call(call: JsonValue) -> JsonValue:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(call, dict) or not isinstance(function, dict):
        return call
    others: JsonObject = {name: value for name, value in call.items() if name not in {"type", "function"}}
    return {**others, **function}


def _message_row(message: Message) -> JsonObject:
    row: JsonObject = {"role": message.role, "content": message.content}
    if message.name is not None:
        row["name"] = message.name
    if message.tool_calls:
        row["tool_calls"] = [plain_object(call) for call in message.tool_calls]
    if message.tool_call_id is not None:
        row["tool_call_id"] = message.tool_call_id
    return row
