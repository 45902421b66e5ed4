"""Anthropic's messages endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.models.chat_body import count_of, tool_parameters
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.http_provider import HttpProvider
from preceptor.models.types import ChatRequest, Completion, Message, Tool, ToolCall, Usage
from preceptor.settings import Secret

API_VERSION = "2023-06-01"
ANSWER_TOOL = "answer"
FINISH_REASONS = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls"}


@dataclass(frozen=True, kw_only=True)
class Anthropic(HttpProvider):
    """Anthropic's `/v1/messages`.

    The endpoint knows no seed. A response schema is asked for by a tool that takes the answer:
    forced where the request has no other tools, beside them otherwise. `top_p` is sent only where
    it is not 1.

    >>> Anthropic(model="claude-sonnet-4-5").api_key_variable
    'ANTHROPIC_API_KEY'
    """

    version: ClassVar[int] = 1

    base_url: str = "https://api.anthropic.com/v1"
    api_key_variable: str | None = "ANTHROPIC_API_KEY"

    @property
    def path(self) -> str:
        """The endpoint below `base_url`."""
        return "messages"

    def headers(self, key: Secret | None) -> Mapping[str, str]:
        """The header with the key, and the endpoint's version."""
        return {"anthropic-version": API_VERSION, **({"x-api-key": key.reveal()} if key else {})}

    def body(self, request: ChatRequest) -> JsonObject:
        """The request as the endpoint words it."""
        return _body(self.model, request)

    def completion(self, answer: JsonObject) -> Completion:
        """The blocks of an answer together."""
        blocks = answer.get("content")
        if not isinstance(blocks, list):
            raise InfraFailure(f"{self.model} answered without content; is base_url a messages endpoint?")
        text = "".join(str(at_path(block, "text") or "") for block in blocks if at_path(block, "type") == "text")
        calls = [block for block in blocks if at_path(block, "type") == "tool_use"]
        reason = str(answer.get("stop_reason") or "end_turn")
        forced = [call for call in calls if at_path(call, "name") == ANSWER_TOOL]
        if forced:
            text, calls = _json_text(at_path(forced[0], "input")), []
        return Completion(
            text=text,
            model=str(answer.get("model") or self.model),
            finish_reason="stop" if forced and reason == "tool_use" else FINISH_REASONS.get(reason, reason),
            tool_calls=tuple(_tool_call(call) for call in calls),
            usage=_usage(answer),
        )


def _body(model: str, request: ChatRequest) -> JsonObject:
    sampling = request.sampling
    body: JsonObject = {
        "model": model,
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "messages": _turns(request.messages),
    }
    system = "\n\n".join(message.content for message in request.messages if message.role == "system")
    if system:
        body["system"] = system
    if sampling.top_p < 1:
        body["top_p"] = sampling.top_p
    if sampling.stop:
        body["stop_sequences"] = list(sampling.stop)
    tools: list[JsonValue] = [_tool(tool) for tool in request.tools]
    if request.response_schema is not None:
        tools.append({"name": ANSWER_TOOL, "description": "Give the answer.", "input_schema": request.response_schema})
        # Forced to answer, the model could never call the request's own tools first.
        body["tool_choice"] = {"type": "any"} if request.tools else {"type": "tool", "name": ANSWER_TOOL}
    if tools:
        body["tools"] = tools
    return body


def _tool(tool: Tool) -> JsonObject:
    if tool.name == ANSWER_TOOL:
        raise InputError(f"a tool is named {ANSWER_TOOL!r}, which is taken for answers here; give it another name")
    described: JsonObject = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "input_schema": tool_parameters(tool)}


def _turns(messages: Sequence[Message]) -> list[JsonValue]:
    """The turns without the system's; results of tools are the user's, neighbours in one turn."""
    turns: list[JsonValue] = []
    for message in messages:
        if message.role == "system":
            continue
        if message.role != "tool":
            turns.append({"role": message.role, "content": _content(message)})
            continue
        result: JsonObject = {
            "type": "tool_result",
            "tool_use_id": message.tool_call_id or "",
            "content": message.content,
        }
        previous = at_path(turns[-1], "content") if turns else None
        if isinstance(previous, list) and at_path(previous, "0.type") == "tool_result":
            previous.append(result)
        else:
            turns.append({"role": "user", "content": [result]})
    return turns


def _content(message: Message) -> JsonValue:
    if not message.tool_calls:
        return message.content
    text: list[JsonValue] = [{"type": "text", "text": message.content}] if message.content else []
    return text + [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": _arguments(call)} for call in message.tool_calls
    ]


def _arguments(call: ToolCall) -> JsonValue:
    try:
        return parse_json(call.arguments or "{}")
    except InputError as error:
        raise ModelFailure(f"the arguments of the tool call {call.id!r} are not JSON: {error}") from error


def _usage(answer: JsonObject) -> Usage:
    return Usage(
        input_tokens=count_of(at_path(answer, "usage.input_tokens")),
        output_tokens=count_of(at_path(answer, "usage.output_tokens")),
    )


def _tool_call(block: JsonValue) -> ToolCall:
    return ToolCall(
        id=str(at_path(block, "id") or ""),
        name=str(at_path(block, "name") or ""),
        arguments=_json_text(at_path(block, "input")),
    )


def _json_text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
