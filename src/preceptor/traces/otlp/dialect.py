"""What a dialect is: one way in which a span carries its conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.models.types import Message
from preceptor.traces.messages import json_text, read_message, read_messages, split_at_answer
from preceptor.traces.otlp.spans import Span


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What one dialect says was said; `answer` is None where it carries none."""

    messages: tuple[Message, ...]
    answer: Message | None
    finish_reason: str | None = None

    @property
    def is_whole(self) -> bool:
        """True with both a question and an answer."""
        return bool(self.messages) and self.answer is not None


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A name and a reader: what the span says in this dialect, or None where it does not speak it."""

    name: str
    read: Callable[[Span], Spoken | None]


def json_or_text(value: JsonValue) -> JsonValue:
    """The value in a text that is JSON of a list or an object; anything else as it is.

    >>> json_or_text('[1]'), json_or_text("[draft] hello")
    ([1], '[draft] hello')
    """
    if isinstance(value, str) and value.lstrip()[:1] in {"[", "{"}:
        try:
            return parse_json(value)
        except InputError:
            return value
    return value


def read_question(value: JsonValue, where: str) -> tuple[Message, ...]:
    """The messages in an attribute that holds them as a list, as JSON text, or as one plain text."""
    value = json_or_text(value)
    if value is None:
        return ()
    if isinstance(value, dict) and "messages" not in value:
        value = [value] if "role" in value else json_text(value)
    return read_messages(value, where)


def read_answer(value: JsonValue, where: str) -> tuple[Message | None, str | None]:
    """The answer in an attribute, and why it ended: a list of messages, one message, `{text}`, or a plain text."""
    value = json_or_text(value)
    if value is None or value == []:
        return None, None
    reason = at_path(value, "0.finish_reason" if isinstance(value, list) else "finish_reason")
    finish_reason = reason if isinstance(reason, str) and reason else None
    if isinstance(value, dict) and "role" not in value and "messages" not in value:
        text = value.get("text", value.get("content"))
        content = json_text(value) if text is None else json_text(text)
        return Message(role="assistant", content=content), finish_reason
    if isinstance(value, dict) and "role" in value:
        return read_message(value, where)[-1], finish_reason
    if isinstance(value, str):
        return Message(role="assistant", content=value), finish_reason
    return split_at_answer(read_messages(value, where)).answer, finish_reason


def numbered(attributes: JsonObject, prefix: str) -> list[JsonObject]:
    """The flat keys under `prefix.N.` gathered by N, in order.

    >>> numbered({"p.1.role": "user", "p.0.role": "system", "q": 1}, "p")
    [{'role': 'system'}, {'role': 'user'}]
    """
    found: dict[int, JsonObject] = {}
    for key, value in attributes.items():
        number, dot, rest = key.removeprefix(f"{prefix}.").partition(".")
        if dot and key.startswith(f"{prefix}.") and number.isascii() and number.isdigit() and len(number) < 6:  # noqa: PLR2004 - more messages than any call has
            found.setdefault(int(number), {})[rest] = value
    return [found[number] for number in sorted(found)]


def first_text(values: Iterable[JsonValue]) -> str | None:
    """The first that is a text and not empty."""
    return next((value for value in values if isinstance(value, str) and value), None)
