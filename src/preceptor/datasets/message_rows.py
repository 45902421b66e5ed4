"""Messages as the JSON objects that chat APIs and trainers use, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.models.types import Message, Role, ToolCall


def message_rows(messages: Iterable[Message]) -> list[JsonValue]:
    """The messages in the OpenAI chat form; `name` and the tool fields stand only where there is something.

    >>> message_rows([Message(role="user", content="hi")])
    [{'role': 'user', 'content': 'hi'}]
    """
    return [_row(message) for message in messages]


def parse_messages(value: JsonValue, field: str) -> tuple[Message, ...]:
    """The messages of a list of chat objects; a text is one message of the user.

    Whether roles and order make sense is for the `schema` check to say. Raises InputError, naming
    the place, for anything that is not a message.
    """
    if isinstance(value, str):
        return (Message(role="user", content=value),)
    if not isinstance(value, list):
        raise InputError(f"{field} must be a list of messages or a text, not {kind_of(value)}")
    return tuple(_message(item, f"{field}[{place}]") for place, item in enumerate(value))


def _row(message: Message) -> JsonObject:
    row: JsonObject = {"role": message.role, "content": message.content}
    if message.name is not None:
        row["name"] = message.name
    if message.tool_calls:
        row["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        row["tool_call_id"] = message.tool_call_id
    return row


def _message(value: JsonValue, field: str) -> Message:
    if not isinstance(value, dict):
        raise InputError(f"{field} must be an object with role and content, not {kind_of(value)}")
    calls = tuple(_tool_call(item, field) for item in _list(value.get("tool_calls"), f"{field}.tool_calls"))
    content = value.get("content")
    if content is None and calls:
        content = ""
    if not isinstance(content, str):
        raise InputError(f"{field}.content must be a text, not {kind_of(content)}")
    return Message(
        # A role outside the known ones is kept, so that the schema check can name the record.
        role=cast("Role", _text(value.get("role"), f"{field}.role")),
        content=content,
        name=_optional(value.get("name"), f"{field}.name"),
        tool_calls=calls,
        tool_call_id=_optional(value.get("tool_call_id"), f"{field}.tool_call_id"),
    )


def _tool_call(value: JsonValue, field: str) -> ToolCall:
    function = value.get("function") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(function, dict):
        raise InputError(f"{field}.tool_calls must hold objects with id and function")
    return ToolCall(
        id=_text(value.get("id"), f"{field}.tool_calls.id"),
        name=_text(function.get("name"), f"{field}.tool_calls.function.name"),
        arguments=_text(function.get("arguments"), f"{field}.tool_calls.function.arguments"),
    )


def _list(value: JsonValue, field: str) -> list[JsonValue]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{field} must be a list, not {kind_of(value)}")
    return value


def _text(value: JsonValue, field: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{field} must be a text, not {kind_of(value)}")
    return value


def _optional(value: JsonValue, field: str) -> str | None:
    return None if value is None else _text(value, field)
