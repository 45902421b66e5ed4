"""OpenTelemetry's own GenAI conventions: today's attributes, and the older events and attributes still sent."""

from __future__ import annotations

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.models.types import Message
from preceptor.traces.messages import read_message, read_messages, split_at_answer
from preceptor.traces.otlp.dialect import (
    Dialect,
    Spoken,
    first_text,
    json_or_text,
    numbered,
    read_answer,
    read_question,
)
from preceptor.traces.otlp.spans import Span

OPERATION_DETAILS = "gen_ai.client.inference.operation.details"
MESSAGE_EVENTS = {f"gen_ai.{role}.message": role for role in ("system", "user", "assistant", "tool")}
CHOICE_EVENT = "gen_ai.choice"
CONTENT_EVENTS = ("gen_ai.content.prompt", "gen_ai.content.completion")


def _attributes(span: Span) -> Spoken | None:
    details = next((event.attributes for event in span.events if event.name == OPERATION_DETAILS), {})
    return _spoken({**details, **span.attributes})


def _spoken(attributes: JsonObject) -> Spoken | None:
    said, answered = attributes.get("gen_ai.input.messages"), attributes.get("gen_ai.output.messages")
    if said is None and answered is None:
        return None
    answer, finish_reason = read_answer(answered, "gen_ai.output.messages")
    system = _instructions(attributes.get("gen_ai.system_instructions"))
    return Spoken(
        messages=(*system, *read_question(said, "gen_ai.input.messages")), answer=answer, finish_reason=finish_reason
    )


def _instructions(value: JsonValue) -> tuple[Message, ...]:
    parts = json_or_text(value)
    if parts is None or parts == []:
        return ()
    if isinstance(parts, list) and isinstance(parts[0], dict) and "role" in parts[0]:
        return read_messages(parts, "gen_ai.system_instructions")
    return read_message({"role": "system", "content": parts}, "gen_ai.system_instructions")


def _events(span: Span) -> Spoken | None:
    messages: list[Message] = []
    answer, finish_reason = None, None
    for event in span.events:
        if event.name in MESSAGE_EVENTS:
            messages.extend(_event_message(event.attributes, MESSAGE_EVENTS[event.name], event.name))
        elif event.name == CHOICE_EVENT and answer is None:
            answer = _event_message(_choice(event.attributes), "assistant", event.name)[-1]
            finish_reason = first_text([event.attributes.get("finish_reason")])
    if not messages and answer is None:
        return None
    return Spoken(messages=tuple(messages), answer=answer, finish_reason=finish_reason)


def _choice(attributes: JsonObject) -> JsonObject:
    message = json_or_text(attributes.get("message", attributes.get("gen_ai.event.content")))
    if isinstance(message, dict):
        inner = json_or_text(message.get("message", message))
        return inner if isinstance(inner, dict) else {"content": inner}
    return attributes if message is None else {"content": message}


def _event_message(attributes: JsonObject, role: str, where: str) -> tuple[Message, ...]:
    body = json_or_text(attributes.get("gen_ai.event.content"))
    fields = {
        key: value for key, value in (body if isinstance(body, dict) else attributes).items() if value is not None
    }
    if "id" in fields and role == "tool":
        fields["tool_call_id"] = fields["id"]
    calls = json_or_text(fields.get("tool_calls"))
    return read_message({"role": role, "content": None, **fields, "tool_calls": calls}, where)


def _content_events(span: Span) -> Spoken | None:
    found = {event.name: event.attributes for event in span.events if event.name in CONTENT_EVENTS}
    prompt = found.get(CONTENT_EVENTS[0], {}).get("gen_ai.prompt")
    completion = found.get(CONTENT_EVENTS[1], {}).get("gen_ai.completion")
    return _pair(prompt, completion)


def _old_attributes(span: Span) -> Spoken | None:
    prompts = numbered(span.attributes, "gen_ai.prompt")
    completions = numbered(span.attributes, "gen_ai.completion")
    if not prompts and not completions:
        return _pair(span.attributes.get("gen_ai.prompt"), span.attributes.get("gen_ai.completion"))
    messages = [_flat_message(fields, "user", f"gen_ai.prompt.{index}") for index, fields in enumerate(prompts)]
    answer = _flat_message(completions[0], "assistant", "gen_ai.completion.0")[-1] if completions else None
    reason = first_text([completions[0].get("finish_reason")]) if completions else None
    return Spoken(messages=tuple(one for made in messages for one in made), answer=answer, finish_reason=reason)


def _flat_message(fields: JsonObject, role: str, where: str) -> tuple[Message, ...]:
    calls: list[JsonValue] = [dict(call) for call in numbered(fields, "tool_calls")]
    plain = {key: value for key, value in fields.items() if "." not in key}
    content = json_or_text(plain.get("content"))
    plain["content"] = content if isinstance(content, list) else plain.get("content")
    return read_message({"role": role, **plain, "tool_calls": calls}, where)


def _pair(prompt: JsonValue, completion: JsonValue) -> Spoken | None:
    if prompt is None and completion is None:
        return None
    answer, finish_reason = read_answer(completion, "gen_ai.completion")
    messages = read_question(prompt, "gen_ai.prompt")
    if answer is None:
        divided = split_at_answer(messages)
        return Spoken(messages=divided.before or messages, answer=divided.answer)
    return Spoken(messages=messages, answer=answer, finish_reason=finish_reason)


GEN_AI = Dialect(name="gen_ai", read=_attributes)
GEN_AI_EVENTS = Dialect(name="gen_ai.events", read=_events)
GEN_AI_CONTENT_EVENTS = Dialect(name="gen_ai.content_events", read=_content_events)
GEN_AI_OLD = Dialect(name="gen_ai.prompt", read=_old_attributes)
