"""How many tokens a request will take, before any is paid for."""

from __future__ import annotations

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.models.json_text import encode_json
from preceptor.models.provider import provider_of
from preceptor.models.spend import Prices
from preceptor.models.types import ChatRequest

BYTES_PER_TOKEN = 4
TOKENS_PER_MESSAGE = 4
TOKENS_PER_ANSWER = 3
MOST_TOKENS_PER_MESSAGE = 16
MOST_TOKENS_PER_REQUEST = 64
MOST_TOKENS_FOR_TOOLS = 1024
LIMITS_OF_OUTPUT = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def estimate_tokens(request: ChatRequest) -> int:
    """Input tokens that a request will probably take.

    One token for four bytes of text, tools and schema, four more for each message and three for
    the answer's beginning. For English prose it is within about a quarter of what the common
    tokenizers count; code, numbers and rare languages can take up to twice as many.

    >>> from preceptor.models.types import Message
    >>> estimate_tokens(ChatRequest(messages=(Message(role="user", content="x" * 400),)))
    107
    """
    num_messages = len(request.messages)
    return -(-_num_bytes(request) // BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE * num_messages + TOKENS_PER_ANSWER


def most_input_tokens(request: ChatRequest) -> int:
    """Input tokens that a request cannot exceed: what a budget reserves.

    A tokenizer that works on bytes, as those of today's chat models do, never makes more tokens
    than there are bytes. What a provider's own template adds is not ours to see; 16 tokens a
    message, 64 a request, and 1,024 where tools or a schema are explained to the model leave room for it.

    >>> from preceptor.models.types import Message
    >>> most_input_tokens(ChatRequest(messages=(Message(role="user", content="x" * 400),)))
    480
    """
    template = MOST_TOKENS_PER_REQUEST + MOST_TOKENS_PER_MESSAGE * len(request.messages)
    explains = bool(request.tools) or request.response_schema is not None
    return _num_bytes(request) + template + (MOST_TOKENS_FOR_TOOLS if explains else 0)


def most_output_tokens(settings: JsonObject) -> int | None:
    """The length of answer that a provider's `extra_body` allows in place of the request's own; None where it does not.

    Raises InputError where it takes the limit out without giving another: no budget can be held then.

    >>> most_output_tokens({"extra_body": {"max_tokens": None, "max_completion_tokens": 900}})
    900
    """
    extra = settings.get("extra_body")
    named = {name: extra[name] for name in LIMITS_OF_OUTPUT if name in extra} if isinstance(extra, dict) else {}
    limits = [value for value in named.values() if isinstance(value, int)]
    if named and not limits:
        raise InputError(
            f"extra_body takes {', '.join(named)} out, so an answer may cost anything and no budget can be held; "
            "write max_completion_tokens, or what the server calls it"
        )
    return max(limits, default=None)


def prices_of(settings: JsonObject) -> Prices:
    """The prices in a provider's settings (`kind` and the rest), as a target or a judge holds them.

    They are zero for a provider that costs nothing (this machine, recordings). Raises InputError for wrong settings.

    >>> prices_of({"kind": "openai", "model": "m", "input_price": 0.15, "output_price": 0.6})
    Prices(input_per_million=0.15, output_per_million=0.6)
    """
    return provider_of(settings).prices


def _num_bytes(request: ChatRequest) -> int:
    num_bytes = 0
    for message in request.messages:
        num_bytes += len(message.content.encode("utf-8", errors="replace")) + len(message.name or "")
        for call in message.tool_calls:
            num_bytes += len(call.name) + len(call.arguments.encode("utf-8", errors="replace"))
    if request.tools:
        num_bytes += len(encode_json(request.tools))
    if request.response_schema is not None:
        num_bytes += len(encode_json(request.response_schema))
    return num_bytes
