"""Messages as the JSON objects that chat APIs and trainers use, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, parse_json
from preceptor.datasets.media import MAX_MEDIA_IN_RECORD, PART_KINDS, MediaReader
from preceptor.datasets.types import Media, MediaKind
from preceptor.models.types import Message, Role, ToolCall

# What the shapes call the four roles.
ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "function_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
}
TEXT_PARTS = {"text", "input_text", "output_text", "refusal"}


class Turns(NamedTuple):
    """The turns of a conversation, and the files that stand in them."""

    messages: tuple[Message, ...]
    media: tuple[Media, ...] = ()


class _Content(NamedTuple):
    text: str
    media: tuple[Media, ...] = ()


def message_rows(messages: Iterable[Message]) -> list[JsonValue]:
    """The messages in the OpenAI chat form; `name` and the tool fields stand only where there is something.

    >>> message_rows([Message(role="user", content="hi")])
    [{'role': 'user', 'content': 'hi'}]
    """
    return [_row(message) for message in messages]


def parse_messages(value: JsonValue, field: str) -> tuple[Message, ...]:
    """The messages of a list of chat objects; a text is one message of the user.

    Whether their order makes sense is for the `schema` check to say. Raises InputError, naming
    the place, for anything that is not a message.
    """
    return parse_turns(value, field, MediaReader()).messages


def parse_turns(value: JsonValue, field: str, reader: MediaReader) -> Turns:
    """The same with the media. Turns may be written as `role` and `content`, or `from` and `value` (ShareGPT).

    Content may be a list of parts: texts are joined as they stand, each file stands before the
    character at which its part was. A call without an id gets one, and a result without one answers
    the first call that has none yet. Other fields of a turn are passed over.
    """
    if isinstance(value, str):
        return Turns((Message(role="user", content=value),))
    if not isinstance(value, list):
        raise InputError(f"{field} must be a list of messages or a text, not {kind_of(value)}")
    media: list[Media] = []
    messages = []
    for place, item in enumerate(value):
        message, found = _message(item, place, f"{field}[{place}]", reader)
        messages.append(message)
        media += found
        if len(media) > MAX_MEDIA_IN_RECORD:
            raise InputError(f"{field} holds more than {MAX_MEDIA_IN_RECORD:,} files; split the record")
    return Turns(_with_call_ids(messages), tuple(media))


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


def _message(value: JsonValue, place: int, field: str, reader: MediaReader) -> tuple[Message, tuple[Media, ...]]:
    if not isinstance(value, dict):
        raise InputError(f"{field} must be an object with role and content, not {kind_of(value)}")
    who, what = ("from", "value") if "from" in value and "role" not in value else ("role", "content")
    role = _text(value.get(who), f"{field}.{who}")
    if role not in ROLES:
        raise InputError(f"{field}.{who} is {role!r:.60}; the roles are {', '.join(ROLES)}")
    calls = _tool_calls(value, place, field)
    content = value.get(what)
    if role == "function_call":
        calls, content = _written_calls(_text(content, f"{field}.{what}"), place, f"{field}.{what}"), ""
    if content is None and calls:
        content = ""
    found = _content(content, place, f"{field}.{what}", reader)
    message = Message(
        role=ROLES[role],
        content=found.text,
        name=_optional(value.get("name"), f"{field}.name"),
        tool_calls=calls,
        tool_call_id=_optional(value.get("tool_call_id"), f"{field}.tool_call_id"),
    )
    return message, found.media


def _content(value: JsonValue, place: int, field: str, reader: MediaReader) -> _Content:
    if isinstance(value, str):
        return _Content(value)
    if not isinstance(value, list):
        raise InputError(f"{field} must be a text or a list of parts, not {kind_of(value)}")
    text = ""
    media: list[Media] = []
    for number, part in enumerate(value):
        where = f"{field}[{number}]"
        kind = part.get("type") if isinstance(part, dict) else "text"
        if isinstance(part, str):
            text += part
        elif isinstance(part, dict) and kind in TEXT_PARTS:
            text += _text(part.get("refusal" if kind == "refusal" else "text"), f"{where}.text")
        elif isinstance(part, dict) and isinstance(kind, str) and kind in PART_KINDS:
            media.append(_media(part, PART_KINDS[kind], Place(place, len(text)), where, reader))
        else:
            raise InputError(
                f"{where} has the type {kind!r:.60}; known are {', '.join([*sorted(TEXT_PARTS), *PART_KINDS])}"
            )
    return _Content(text, tuple(media))


class Place(NamedTuple):
    """Before which character of which message a file stands."""

    message: int
    at: int


def _media(part: JsonObject, kind: MediaKind, place: Place, field: str, reader: MediaReader) -> Media:
    found = reader.read(part, kind, field)
    return Media(message=place.message, at=place.at, kind=found.kind, sha256=found.sha256, media_type=found.media_type)


def _tool_calls(value: JsonObject, place: int, field: str) -> tuple[ToolCall, ...]:
    legacy = value.get("function_call")
    written = value.get("tool_calls")
    if legacy is not None and written is None:
        written = [legacy]
    if written is None:
        return ()
    if not isinstance(written, list):
        raise InputError(f"{field}.tool_calls must be a list, not {kind_of(written)}")
    return tuple(_tool_call(item, f"call_{place}_{number}", field) for number, item in enumerate(written))


def _tool_call(value: JsonValue, own_id: str, field: str) -> ToolCall:
    function = value.get("function", value) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(function, dict):
        raise InputError(f"{field}.tool_calls must hold objects with id and function")
    arguments = function.get("arguments", function.get("parameters"))
    if isinstance(arguments, dict):
        # Some tools write the arguments as the object that the text stands for.
        arguments = json.dumps(arguments, ensure_ascii=False)
    number = value.get("id")
    return ToolCall(
        id=own_id if number is None or number == "" else _text(number, f"{field}.tool_calls.id"),
        name=_text(function.get("name"), f"{field}.tool_calls.function.name"),
        arguments=_text(arguments, f"{field}.tool_calls.function.arguments"),
    )


def _written_calls(text: str, place: int, field: str) -> tuple[ToolCall, ...]:
    """The calls of a ShareGPT turn: a JSON object, or a list of them."""
    try:
        value = parse_json(text)
    except InputError as error:
        raise InputError(f"{field} must be the JSON of a call: {error}") from error
    return _tool_calls({"tool_calls": value if isinstance(value, list) else [value]}, place, field)


def _with_call_ids(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Results that do not say which call they answer, with the ids of the calls before them, in order."""
    if not any(message.role == "tool" and message.tool_call_id is None for message in messages):
        return tuple(messages)
    made: list[Message] = []
    waiting: Iterator[str] = iter(())
    answered: set[str] = set()
    for message in messages:
        if message.role != "tool":
            waiting, answered = iter([call.id for call in message.tool_calls]), set()
            made.append(message)
            continue
        number = message.tool_call_id
        if number is None:
            number = next((one for one in waiting if one not in answered), None)
        else:
            answered.add(number)
        made.append(replace(message, tool_call_id=number))
    return tuple(made)


def _text(value: JsonValue, field: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{field} must be a text, not {kind_of(value)}")
    return value


def _optional(value: JsonValue, field: str) -> str | None:
    return None if value is None else _text(value, field)
