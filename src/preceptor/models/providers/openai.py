"""Any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject, at_path
from preceptor.models.chat_body import chat_body, count_of, read_tool_calls
from preceptor.models.failures import InfraFailure, ModelFailure
from preceptor.models.http_provider import HttpProvider
from preceptor.models.types import ChatRequest, Completion, Usage
from preceptor.settings import Secret


@dataclass(frozen=True, kw_only=True)
class Openai(HttpProvider):
    """OpenAI, or any server with its `/v1/chat/completions` (vLLM, llama.cpp, Ollama, gateways).

    A server that knows `max_tokens` under another name gets
    `extra_body: {max_tokens: null, max_completion_tokens: 256}`.

    >>> Openai(model="gpt-4o-mini").base_url
    'https://api.openai.com/v1'
    """

    version: ClassVar[int] = 1

    base_url: str = "https://api.openai.com/v1"
    api_key_variable: str | None = "OPENAI_API_KEY"

    @property
    def path(self) -> str:
        """The endpoint below `base_url`."""
        return "chat/completions"

    def headers(self, key: Secret | None) -> Mapping[str, str]:
        """The header with the key."""
        return {"Authorization": f"Bearer {key.reveal()}"} if key else {}

    def body(self, request: ChatRequest) -> JsonObject:
        """The request as the endpoint words it."""
        return chat_body(self.model, request)

    def completion(self, answer: JsonObject) -> Completion:
        """The first choice of an answer."""
        message = at_path(answer, "choices.0.message")
        if not isinstance(message, dict):
            raise InfraFailure(
                f"{self.model} answered without choices[0].message; is base_url a chat completions server?"
            )
        refusal = message.get("refusal")
        text = message.get("content") or refusal or ""
        reason = "refusal" if refusal else str(at_path(answer, "choices.0.finish_reason") or "stop")
        if reason == "content_filter" and not text:
            raise ModelFailure(f"{self.model}: the provider's content filter held the answer back")
        if not isinstance(text, str):
            raise InfraFailure(f"{self.model} answered with content that is no text")
        return Completion(
            text=text,
            model=str(answer.get("model") or self.model),
            finish_reason=reason,
            tool_calls=read_tool_calls(message),
            usage=Usage(
                input_tokens=count_of(at_path(answer, "usage.prompt_tokens")),
                output_tokens=count_of(at_path(answer, "usage.completion_tokens")),
            ),
        )
