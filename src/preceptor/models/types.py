"""What is said to a language model and what it says back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from preceptor.core.json_values import JsonObject

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """One call that the model asked for; `arguments` is the JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A function that the model may call; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str = ""
    parameters: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How the model draws its words; temperature 0 is greedy."""

    temperature: float = 0.0
    max_tokens: int = 256
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChatRequest:
    """One question to a model; `response_schema` asks for JSON of that shape where a provider can force it.

    `epoch` counts repeats of the same question from 1. It is never sent: it keeps their cached answers apart.
    """

    messages: tuple[Message, ...]
    sampling: Sampling = Sampling()
    response_schema: JsonObject | None = None
    tools: tuple[Tool, ...] = ()
    epoch: int = 1


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an answer took; None where the provider did not say. `cost` is in US dollars."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, kw_only=True)
class Completion:
    """One answer of a model. `finish_reason`: `stop`, `length`, `tool_calls`, or the provider's word.

    `recorded` says that the answer was generated before and only read back now.
    """

    text: str
    model: str
    finish_reason: str = "stop"
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    latency_seconds: float | None = None
    recorded: bool = False
