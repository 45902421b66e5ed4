"""Anthropic's messages endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.models.chat_body import count_of
from preceptor.models.client import Address, Client, open_client
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.http_settings import HttpSettings
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.spend import Budget
from preceptor.models.types import ChatRequest, Completion, Message, ToolCall, Usage

API_VERSION = "2023-06-01"
ANSWER_TOOL = "answer"
FINISH_REASONS = {"end_turn": "stop", "stop_sequence": "stop", "max_tokens": "length", "tool_use": "tool_calls"}


@dataclass(frozen=True, kw_only=True)
class Anthropic(HttpSettings):
    """Anthropic's `/v1/messages`.

    The endpoint knows no seed. A response schema is forced by a tool that takes the answer, and
    `top_p` is sent only where it is not 1.

    >>> Anthropic(model="claude-sonnet-4-5").api_key_variable
    'ANTHROPIC_API_KEY'
    """

    version: ClassVar[int] = 1

    base_url: str = "https://api.anthropic.com/v1"
    api_key_variable: str | None = "ANTHROPIC_API_KEY"

    @asynccontextmanager
    async def open(self, resources: Resources) -> AsyncIterator[ChatModel]:
        """A connection that holds the key."""
        key = self.read_key(resources)
        address = Address(
            url=f"{self.base_url.rstrip('/')}/messages",
            headers={"anthropic-version": API_VERSION, **({"x-api-key": key.reveal()} if key else {})},
            secret=key,
            variable=self.api_key_variable,
            timeout_seconds=self.timeout_seconds,
            max_retries=self.max_retries,
        )
        async with open_client(address, resources) as client:
            yield _Connection(settings=self, client=client, budget=Budget(limit=self.spend_limit))


@dataclass(frozen=True, kw_only=True)
class _Connection:
    settings: Anthropic
    client: Client
    budget: Budget

    async def complete(self, request: ChatRequest) -> Completion:
        self.budget.check()
        body = self.settings.with_extras(_body(self.settings.model, request))
        stopwatch = self.client.resources.stopwatch
        start = stopwatch()
        answer = await self.client.post(body)
        usage = self._usage(answer)
        self.budget.add(usage.cost)
        return _completion(self.settings.model, answer, usage, stopwatch() - start)

    def _usage(self, answer: JsonObject) -> Usage:
        num_in = count_of(at_path(answer, "usage.input_tokens"))
        num_out = count_of(at_path(answer, "usage.output_tokens"))
        return Usage(input_tokens=num_in, output_tokens=num_out, cost=self.settings.prices.cost(num_in, num_out))


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
    if request.response_schema is not None:
        body["tools"] = [
            {"name": ANSWER_TOOL, "description": "Give the answer.", "input_schema": request.response_schema}
        ]
        body["tool_choice"] = {"type": "tool", "name": ANSWER_TOOL}
    return body


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


def _completion(model: str, answer: JsonObject, usage: Usage, seconds: float) -> Completion:
    blocks = answer.get("content")
    if not isinstance(blocks, list):
        raise InfraFailure(f"{model} answered without content; is base_url a messages endpoint?")
    text = "".join(str(at_path(block, "text") or "") for block in blocks if at_path(block, "type") == "text")
    calls = [block for block in blocks if at_path(block, "type") == "tool_use"]
    reason = str(answer.get("stop_reason") or "end_turn")
    forced = [call for call in calls if at_path(call, "name") == ANSWER_TOOL]
    if forced:
        text, calls = _json_text(at_path(forced[0], "input")), []
    return Completion(
        text=text,
        model=str(answer.get("model") or model),
        finish_reason="stop" if forced and reason == "tool_use" else FINISH_REASONS.get(reason, reason),
        tool_calls=tuple(_tool_call(call) for call in calls),
        usage=usage,
        latency_seconds=seconds,
    )


def _tool_call(block: JsonValue) -> ToolCall:
    return ToolCall(
        id=str(at_path(block, "id") or ""),
        name=str(at_path(block, "name") or ""),
        arguments=_json_text(at_path(block, "input")),
    )


def _json_text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
