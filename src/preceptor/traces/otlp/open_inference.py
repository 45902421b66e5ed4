"""OpenInference's conventions: flat numbered message keys, and the plain input and output values."""

from __future__ import annotations

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.models.types import Message
from preceptor.traces.messages import read_message, read_messages
from preceptor.traces.otlp.dialect import Dialect, Spoken, first_text, numbered, read_answer, read_question
from preceptor.traces.otlp.spans import Span


def _messages(span: Span) -> Spoken | None:
    said = _numbered_messages(span.attributes, "llm.input_messages")
    answered = _numbered_messages(span.attributes, "llm.output_messages")
    if not said and not answered:
        return None
    reason = first_text([span.attributes.get("llm.finish_reason")])
    return Spoken(messages=said, answer=answered[0] if answered else None, finish_reason=reason)


def _numbered_messages(attributes: JsonObject, prefix: str) -> tuple[Message, ...]:
    found: list[Message] = []
    for index, flat in enumerate(numbered(attributes, prefix)):
        found.extend(_message(flat, f"{prefix}.{index}"))
    return tuple(found)


def _message(flat: JsonObject, where: str) -> tuple[Message, ...]:
    fields = {key.removeprefix("message."): value for key, value in flat.items()}
    calls: list[JsonValue] = [_tool_call(call) for call in numbered(fields, "tool_calls")]
    parts: list[JsonValue] = [_part(part) for part in numbered(fields, "contents")]
    content: JsonValue = parts or fields.get("content")
    plain = {key: fields.get(key) for key in ("role", "name", "tool_call_id")}
    return read_message({**plain, "content": content, "tool_calls": calls}, where)


def _tool_call(flat: JsonObject) -> JsonObject:
    fields = {key.removeprefix("tool_call."): value for key, value in flat.items()}
    return {
        "id": fields.get("id"),
        "name": fields.get("function.name"),
        "arguments": fields.get("function.arguments"),
    }


def _part(flat: JsonObject) -> JsonObject:
    fields = {key.removeprefix("message_content."): value for key, value in flat.items()}
    return (
        {"type": fields.get("type"), "text": fields.get("text")} if "text" in fields else {"type": fields.get("type")}
    )


def _texts(span: Span) -> Spoken | None:
    prompts = [fields.get("prompt.text") for fields in numbered(span.attributes, "llm.prompts")]
    choices = [fields.get("completion.text") for fields in numbered(span.attributes, "llm.choices")]
    if not prompts and not choices:
        return None
    said = tuple(made for prompt in prompts for made in read_messages(prompt, "llm.prompts"))
    answer, _ = read_answer(choices[0] if choices else None, "llm.choices")
    return Spoken(messages=said, answer=answer)


def _values(span: Span) -> Spoken | None:
    said, answered = span.attributes.get("input.value"), span.attributes.get("output.value")
    if said is None and answered is None:
        return None
    answer, finish_reason = read_answer(answered, "output.value")
    return Spoken(messages=read_question(said, "input.value"), answer=answer, finish_reason=finish_reason)


OPEN_INFERENCE = Dialect(name="openinference", read=_messages)
OPEN_INFERENCE_TEXTS = Dialect(name="openinference.texts", read=_texts)
OPEN_INFERENCE_VALUES = Dialect(name="openinference.values", read=_values)
