"""Read conversations as the common interfaces write them: OpenAI, Anthropic, OpenTelemetry."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, as_object
from preceptor.models.types import Message, Role, ToolCall

MAX_MESSAGES = 10_000

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "model": "assistant",
    "tool": "tool",
    "function": "tool",
}
TEXT_PARTS = {"text", "input_text", "output_text", "refusal"}
CALL_PARTS = {"tool_call", "tool_use", "function_call"}
RESULT_PARTS = {"tool_call_response", "tool_result", "function_call_output"}
HIDDEN_PARTS = {"reasoning", "thinking", "redacted_thinking"}


class Answered(NamedTuple):
    """A conversation divided at its last answer; `answer` is None where no assistant spoke."""

    before: tuple[Message, ...]
    answer: Message | None
    later: tuple[Message, ...]


def read_messages(value: JsonValue, where: str) -> tuple[Message, ...]:
    """The messages in a list, in an object's `messages`, or the one user message that a text is.

    Images and other attachments leave a mark such as `[image_url]`; a model's hidden reasoning
    is left out, for nobody was told it. Raises InputError, saying `where`, for anything else.

    >>> read_messages([{"role": "user", "content": "Hi"}], "messages")[0].content
    'Hi'
    """
    if isinstance(value, dict) and "messages" in value:
        value = value["messages"]
    if isinstance(value, str):
        return (Message(role="user", content=value),)
    if not isinstance(value, list):
        raise InputError(f"{where} must be a list of messages, not {kind_of(value)}")
    if len(value) > MAX_MESSAGES:
        raise InputError(f"{where} holds {len(value):,} messages; at most {MAX_MESSAGES:,} are read, split it")
    return tuple(made for index, item in enumerate(value) for made in read_message(item, f"{where}[{index}]"))


def read_message(value: JsonValue, where: str) -> tuple[Message, ...]:
    """The messages in one: more than one where it carries results of several tools."""
    fields = as_object(value, where)
    role = _role(fields.get("role"), where)
    parts = _read_parts(fields, role, where)
    listed = fields.get("tool_calls")
    calls = [*_tool_calls(listed, f"{where}.tool_calls"), *parts.calls]
    legacy = fields.get("function_call")
    if legacy is not None:
        calls.append(tool_call(legacy, f"{where}.function_call"))
    if parts.results and not parts.texts and not calls:
        return tuple(parts.results)
    own = Message(
        role=role,
        content="\n".join(parts.texts),
        name=optional_text(fields.get("name"), f"{where}.name"),
        tool_calls=tuple(calls),
        tool_call_id=optional_text(fields.get("tool_call_id"), f"{where}.tool_call_id"),
    )
    return (*parts.results, own)


def split_at_answer(messages: tuple[Message, ...]) -> Answered:
    """The conversation divided at the assistant's last message.

    >>> turns = read_messages([{"role": "assistant", "content": "Done"}, {"role": "user", "content": "Bye"}], "m")
    >>> [len(part) for part in (split_at_answer(turns).before, split_at_answer(turns).later)]
    [0, 1]
    """
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].role == "assistant":
            return Answered(messages[:index], messages[index], messages[index + 1 :])
    return Answered(messages, None, ())


def tool_call(value: JsonValue, where: str) -> ToolCall:
    """One call, whether its name stands in `function` or beside the id.

    >>> tool_call({"id": "1", "name": "find", "arguments": {"city": "Paris"}}, "call").arguments
    '{"city":"Paris"}'
    """
    fields = as_object(value, where)
    function = fields.get("function")
    inner = fields if function is None else as_object(function, f"{where}.function")
    name = inner.get("name")
    if not isinstance(name, str):
        raise InputError(f"{where}: the call's name must be a text, not {kind_of(name)}")
    arguments = next((inner[key] for key in ("arguments", "args", "input") if inner.get(key) is not None), None)
    number = next((fields[key] for key in ("call_id", "id") if fields.get(key) is not None), None)
    return ToolCall(
        id=optional_text(number, f"{where}.id") or "",
        name=name,
        arguments=json_text({} if arguments is None else arguments),
    )


def json_text(value: JsonValue) -> str:
    """A text as it is, any other value as compact JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def optional_text(value: JsonValue, where: str) -> str | None:
    """A text, a number as text, or None where nothing stands; InputError for anything else."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return json_text(value)
    raise InputError(f"{where} must be a text, not {kind_of(value)}")


@dataclass
class _Parts:
    texts: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: list[Message] = field(default_factory=list)


def _role(value: JsonValue, where: str) -> Role:
    role = ROLES.get(value.lower()) if isinstance(value, str) else None
    if role is None:
        raise InputError(f"{where}.role is {value!r:.60}; known roles are {', '.join(ROLES)}")
    return role


def _tool_calls(value: JsonValue, where: str) -> list[ToolCall]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{where} must be a list, not {kind_of(value)}")
    return [tool_call(item, f"{where}[{index}]") for index, item in enumerate(value)]


def _read_parts(fields: JsonObject, role: Role, where: str) -> _Parts:
    parts = _Parts()
    if "content" not in fields and "parts" not in fields and not fields.get("tool_calls"):
        raise InputError(f"{where} has no content")
    content = fields.get("parts") if fields.get("content") is None else fields["content"]
    if content is None and isinstance(fields.get("refusal"), str):
        content = fields["refusal"]
    if isinstance(content, list):
        for index, part in enumerate(content):
            _read_part(part, parts, f"{where}.content[{index}]")
    elif isinstance(content, str):
        parts.texts.append(content)
    elif content is not None:
        if role != "tool":
            raise InputError(f"{where}.content must be a text or a list of parts, not {kind_of(content)}")
        parts.texts.append(json_text(content))
    return parts


def _read_part(value: JsonValue, parts: _Parts, where: str) -> None:
    if isinstance(value, str):
        parts.texts.append(value)
        return
    fields = as_object(value, where)
    kind = optional_text(fields.get("type"), f"{where}.type") or "text"
    if kind in TEXT_PARTS:
        text = next((fields[key] for key in ("text", "content", "refusal") if key in fields), None)
        parts.texts.append(optional_text(text, where) or "")
    elif kind in CALL_PARTS:
        parts.calls.append(tool_call(fields, where))
    elif kind in RESULT_PARTS:
        parts.results.append(_result(fields, where))
    elif kind not in HIDDEN_PARTS:
        parts.texts.append(f"[{kind:.60}]")


def _result(fields: JsonObject, where: str) -> Message:
    called = next((fields[key] for key in ("tool_use_id", "call_id", "id") if fields.get(key) is not None), None)
    said = next((fields[key] for key in ("response", "result", "content", "output") if fields.get(key) is not None), "")
    return Message(role="tool", content=json_text(said), tool_call_id=optional_text(called, f"{where}.id"))
