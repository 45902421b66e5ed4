"""A chat request in the shape that OpenAI-compatible servers, our logs and recordings share."""

from __future__ import annotations

from collections.abc import Mapping

from preceptor.core.ids import content_hash
from preceptor.core.json_values import JsonObject, JsonValue, at_path
from preceptor.models.types import ChatRequest, Message, Tool, ToolCall


def chat_body(model: str, request: ChatRequest) -> JsonObject:
    """The body of `/v1/chat/completions` for a request.

    >>> body = chat_body("m", ChatRequest(messages=(Message(role="user", content="hi"),)))
    >>> body["messages"], body["temperature"], body["max_tokens"]
    ([{'role': 'user', 'content': 'hi'}], 0.0, 256)
    """
    sampling = request.sampling
    body: JsonObject = {
        "model": model,
        "messages": [message_body(message) for message in request.messages],
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "top_p": sampling.top_p,
        "seed": sampling.seed,
    }
    if sampling.stop:
        body["stop"] = list(sampling.stop)
    if request.response_schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": request.response_schema},
        }
    if request.tools:
        # Only then: requests without tools keep the keys under which they were recorded.
        body["tools"] = [{"type": "function", "function": _function(tool)} for tool in request.tools]
    return body


def tool_parameters(tool: Tool) -> JsonObject:
    """The JSON schema of a tool's arguments; providers want one also where there are none.

    >>> tool_parameters(Tool(name="now"))
    {'type': 'object', 'properties': {}}
    """
    return tool.parameters or {"type": "object", "properties": {}}


def message_body(message: Message) -> JsonObject:
    """One message as the body carries it; fields that say nothing are left out."""
    body: JsonObject = {"role": message.role, "content": message.content}
    if message.name is not None:
        body["name"] = message.name
    if message.tool_calls:
        body["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        body["tool_call_id"] = message.tool_call_id
    return body


def request_key(body: Mapping[str, JsonValue]) -> str:
    """SHA-256 of everything in a body but the model's name: two equal keys ask the same thing in the same way.

    >>> request_key({"model": "a", "messages": []}) == request_key({"model": "b", "messages": []})
    True
    """
    return content_hash({key: value for key, value in body.items() if key != "model"})


def _function(tool: Tool) -> JsonObject:
    described: JsonObject = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "parameters": tool_parameters(tool)}


def read_tool_calls(message: JsonValue) -> tuple[ToolCall, ...]:
    """The tool calls of an answer's message; what is not a call is passed over."""
    found = at_path(message, "tool_calls")
    return tuple(
        ToolCall(
            id=str(at_path(call, "id") or ""),
            name=str(at_path(call, "function.name") or ""),
            arguments=str(at_path(call, "function.arguments") or ""),
        )
        for call in (found if isinstance(found, list) else [])
    )


def count_of(value: JsonValue) -> int | None:
    """A count of tokens as the provider wrote it, or None when it is none.

    >>> count_of(12), count_of("12"), count_of(True)
    (12, None, None)
    """
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_count else None  # type: ignore[return-value]  # an int, as tested above
