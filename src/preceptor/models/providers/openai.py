"""Any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject, at_path
from preceptor.models.chat_body import chat_body, count_of, read_tool_calls
from preceptor.models.client import Address, Client, open_client
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.http_settings import HttpSettings
from preceptor.models.provider import ChatModel, Resources
from preceptor.models.spend import Budget
from preceptor.models.types import ChatRequest, Completion, Usage


@dataclass(frozen=True, kw_only=True)
class Openai(HttpSettings):
    """OpenAI, or any server with its `/v1/chat/completions` (vLLM, llama.cpp, Ollama, gateways).

    A server that knows `max_tokens` under another name gets
    `extra_body: {max_tokens: null, max_completion_tokens: 256}`.

    >>> Openai(model="gpt-4o-mini").base_url
    'https://api.openai.com/v1'
    """

    version: ClassVar[int] = 1

    base_url: str = "https://api.openai.com/v1"
    api_key_variable: str | None = "OPENAI_API_KEY"

    @asynccontextmanager
    async def open(self, resources: Resources) -> AsyncIterator[ChatModel]:
        """A connection that holds the key."""
        key = self.read_key(resources)
        address = Address(
            url=f"{self.base_url.rstrip('/')}/chat/completions",
            headers={"Authorization": f"Bearer {key.reveal()}"} if key else {},
            secret=key,
            variable=self.api_key_variable,
            timeout_seconds=self.timeout_seconds,
            max_retries=self.max_retries,
        )
        async with open_client(address, resources) as client:
            yield _Connection(settings=self, client=client, budget=Budget(limit=self.spend_limit))


@dataclass(frozen=True, kw_only=True)
class _Connection:
    settings: Openai
    client: Client
    budget: Budget

    async def complete(self, request: ChatRequest) -> Completion:
        self.budget.check()
        body = self.settings.with_extras(chat_body(self.settings.model, request))
        stopwatch = self.client.resources.stopwatch
        start = stopwatch()
        answer = await self.client.post(body)
        usage = self._usage(answer)
        self.budget.add(usage.cost)
        return _completion(self.settings.model, answer, usage, stopwatch() - start)

    def _usage(self, answer: JsonObject) -> Usage:
        num_in = count_of(at_path(answer, "usage.prompt_tokens"))
        num_out = count_of(at_path(answer, "usage.completion_tokens"))
        return Usage(input_tokens=num_in, output_tokens=num_out, cost=self.settings.prices.cost(num_in, num_out))


def _completion(model: str, answer: JsonObject, usage: Usage, seconds: float) -> Completion:
    message = at_path(answer, "choices.0.message")
    if not isinstance(message, dict):
        raise InfraFailure(f"{model} answered without choices[0].message; is base_url a chat completions server?")
    refusal = message.get("refusal")
    text = message.get("content") or refusal or ""
    reason = "refusal" if refusal else str(at_path(answer, "choices.0.finish_reason") or "stop")
    if reason == "content_filter" and not text:
        raise ModelFailure(f"{model}: the provider's content filter held the answer back")
    if not isinstance(text, str):
        raise InfraFailure(f"{model} answered with content that is no text")
    return Completion(
        text=text,
        model=str(answer.get("model") or model),
        finish_reason=reason,
        tool_calls=read_tool_calls(message),
        usage=usage,
        latency_seconds=seconds,
    )
