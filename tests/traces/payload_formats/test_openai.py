"""Logs of an OpenAI-compatible interface become traces, failed calls too."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.core.rows import Row
from preceptor.models.types import Usage
from preceptor.traces.payload_formats.openai import Openai

REQUEST = {"model": "small", "messages": [{"role": "user", "content": "Hi"}], "temperature": 0}
CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
RESPONSE = {
    "id": "r1", "model": "small-1", "created": 1795521600, "choices": [CHOICE],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2},
}  # fmt: skip


def read(record):
    (trace,) = Openai().read(Row(number=1, value=record))
    return trace


def test_call_is_read_whole():
    trace = read({"request": REQUEST, "response": RESPONSE, "metadata": {"item": "p1", "user": "u1"}})
    assert (trace.request, trace.output, trace.finish_reason, trace.model) == ("Hi", "Hello", "stop", "small-1")
    assert (trace.usage, trace.occurred_at.isoformat()) == (
        Usage(input_tokens=3, output_tokens=2),
        "2026-11-24T12:00:00+00:00",
    )
    assert (trace.conversation, trace.metadata["item"], trace.error) == ("u1", "p1", None)


def test_named_conversation_comes_before_the_user():
    assert (
        read({"request": REQUEST, "response": RESPONSE, "metadata": {"conversation": "c", "user": "u"}}).conversation
        == "c"
    )


def test_metadata_does_not_change_the_id():
    first, same = (read({"request": REQUEST, "response": RESPONSE, "metadata": {"n": n}}).id for n in (1, 2))
    assert first == same
    assert first != read({"request": REQUEST, "response": {**RESPONSE, "id": "r2"}}).id


def test_failed_call_keeps_its_error():
    trace = read({"request": REQUEST, "error": {"message": "Rate limit reached"}})
    assert (trace.output, trace.error) == ("", "Rate limit reached")


def test_batch_result_is_read():
    trace = read({"id": "b1", "custom_id": "q7", "response": {"status_code": 200, "body": RESPONSE}, "error": None})
    assert (trace.output, trace.messages, trace.metadata["custom_id"]) == ("Hello", (), "q7")


@pytest.mark.parametrize(
    ("response", "error"),
    [
        ({"status_code": 429, "body": {"error": {"message": "slow down"}}}, "slow down"),
        ({"status_code": 500, "body": {}}, "status 500: {}"),
        ({"status_code": 503, "body": None}, "status 503: {}"),
    ],
)
def test_failed_batch_result_keeps_its_error(response, error):
    assert read({"custom_id": "q7", "response": response}).error == error


def test_expired_batch_request_keeps_its_error():
    trace = read({"custom_id": "q7", "response": None, "error": {"code": "batch_expired", "message": "expired"}})
    assert trace.error == "expired"


def test_tool_calls_and_refusals_are_answers():
    call = {"id": "1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    calling = {**RESPONSE, "choices": [{"message": {"role": "assistant", "content": None, "tool_calls": [call]}}]}
    refusing = {**RESPONSE, "choices": [{"message": {"role": "assistant", "content": None, "refusal": "I cannot"}}]}
    completing = {**RESPONSE, "choices": [{"text": "world"}]}
    assert read({"request": REQUEST, "response": calling}).output_tool_calls[0].name == "find"
    assert read({"request": REQUEST, "response": refusing}).output == "I cannot"
    assert read({"request": {"prompt": "hello"}, "response": completing}).output == "world"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"request": REQUEST}, "only finished calls"),
        ({"request": REQUEST, "response": {}}, "no choices and no error"),
        ({"request": REQUEST, "response": {"choices": []}}, "no choices and no error"),
        ({"request": REQUEST, "response": {"choices": {}}}, "must be a list"),
        ({"request": REQUEST, "response": {"choices": [5]}}, "must be an object"),
        ({"request": [], "response": RESPONSE}, "request must be an object"),
        ({"request": REQUEST, "response": []}, "response must be an object"),
        ({"request": REQUEST, "response": RESPONSE, "metadata": "x"}, "metadata must be an object"),
        ({"request": REQUEST, "response": {**RESPONSE, "created": "soon"}}, "write a moment"),
    ],
)
def test_row_that_cannot_be_read_says_why(record, said):
    with pytest.raises(InputError, match=said):
        read(record)
