"""Logs of requests and responses of an OpenAI-compatible interface, and Batch API results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, as_object, at_path
from preceptor.core.rows import Row
from preceptor.models.types import Message
from preceptor.traces.fields import read_error, read_usage
from preceptor.traces.identity import id_from_content
from preceptor.traces.messages import json_text, optional_text, read_message, read_messages
from preceptor.traces.moments import read_moment
from preceptor.traces.types import Trace

NO_ANSWER = Message(role="assistant", content="")
FIRST_FAILED_STATUS = 400


@dataclass(frozen=True, kw_only=True)
class Openai:
    """Rows of `{request, response, error?, metadata?}`, or of `{custom_id, response: {status_code, body}}`.

    The id is the hash of request and response. A failed call is a trace without output whose
    `error` says why. Of several choices the first is the output. A Batch API result does not
    carry its request, so its messages are empty unless the row has a `request` too.

    >>> row = {"request": {"messages": [{"role": "user", "content": "Hi"}]}, "error": {"message": "overloaded"}}
    >>> trace = next(Openai().read(Row(number=1, value=row)))
    >>> trace.request, trace.error
    ('Hi', 'overloaded')
    """

    version: ClassVar[int] = 1

    def recognises(self, record: JsonObject) -> bool:
        """True for a request beside a response or an error, and for a Batch API result."""
        is_answered = "response" in record or "error" in record
        return is_answered and (isinstance(record.get("request"), dict) or "custom_id" in record)

    def read(self, row: Row) -> Iterator[Trace]:
        """The one trace in a row."""
        record = row.value
        if record.get("response") is None and record.get("error") is None:
            raise InputError("neither a response nor an error; only finished calls become traces")
        request = _object_or_empty(record.get("request"), "request")
        response, error = _response(record)
        choice = _first_choice(response)
        if choice is None and error is None:
            raise InputError("the response holds no choices and no error; nothing was answered")
        answer = _answer(choice or {}) if choice else NO_ANSWER
        metadata = _metadata(record, response)
        yield Trace(
            id=id_from_content({key: record.get(key) for key in ("request", "response", "error", "custom_id")}),
            source="openai",
            messages=_messages(request),
            output=answer.content,
            output_tool_calls=answer.tool_calls,
            occurred_at=read_moment(response.get("created"), "response.created"),
            conversation=_conversation(metadata, request),
            model=optional_text(response.get("model") or request.get("model"), "model"),
            finish_reason=optional_text((choice or {}).get("finish_reason"), "finish_reason"),
            error=error,
            usage=read_usage(response.get("usage")),
            metadata=metadata,
        )


def _response(record: JsonObject) -> tuple[JsonObject, str | None]:
    """The response's body and what went wrong, if anything did."""
    response = _object_or_empty(record.get("response"), "response")
    error = read_error(record.get("error"))
    status = response.get("status_code")
    if status is None and "body" not in response:
        return response, error or read_error(response.get("error"))
    body = _object_or_empty(response.get("body"), "response.body")
    error = error or read_error(body.get("error"))
    if error is None and isinstance(status, int) and status >= FIRST_FAILED_STATUS:
        error = f"status {status}: {json_text(body):.1000}"
    return body, error


def _first_choice(response: JsonObject) -> JsonObject | None:
    choices = response.get("choices")
    if choices is None or choices == []:
        return None
    if not isinstance(choices, list):
        raise InputError("response.choices must be a list")
    return as_object(choices[0], "response.choices[0]")


def _answer(choice: JsonObject) -> Message:
    message = choice.get("message")
    if message is None:
        return Message(role="assistant", content=optional_text(choice.get("text"), "response.choices[0].text") or "")
    fields = as_object(message, "response.choices[0].message")
    if fields.get("content") is None and not fields.get("tool_calls"):
        fields = {**fields, "content": fields.get("refusal") or ""}
    return read_message({"role": "assistant", **fields}, "response.choices[0].message")[-1]


def _messages(request: JsonObject) -> tuple[Message, ...]:
    said = next((request[key] for key in ("messages", "prompt", "input") if request.get(key) is not None), None)
    return () if said is None else read_messages(said, "request.messages")


def _metadata(record: JsonObject, response: JsonObject) -> JsonObject:
    metadata = dict(_object_or_empty(record.get("metadata"), "metadata"))
    extra: dict[str, JsonValue] = {
        "custom_id": record.get("custom_id"),
        "response_id": response.get("id"),
        "system_fingerprint": response.get("system_fingerprint"),
    }
    return {**{name: value for name, value in extra.items() if value is not None}, **metadata}


def _conversation(metadata: JsonObject, request: JsonObject) -> str | None:
    named = [metadata.get("conversation"), metadata.get("user"), at_path(request, "user")]
    return next((text for value in named if (text := optional_text(value, "metadata.conversation"))), None)


def _object_or_empty(value: JsonValue, what: str) -> JsonObject:
    return {} if value is None else as_object(value, what)
