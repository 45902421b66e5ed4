import json

import pytest

from preceptor.core.errors import InputError
from preceptor.models.json_text import decode_object, encode_json, encode_sorted
from preceptor.models.types import ChatRequest, Message


def test_a_dataclass_is_written_as_an_object():
    written = json.loads(encode_json(ChatRequest(messages=(Message(role="user", content="é"),))))
    assert written["messages"][0] == {
        "role": "user",
        "content": "é",
        "name": None,
        "tool_calls": [],
        "tool_call_id": None,
    }


def test_half_a_surrogate_pair_is_escaped_not_lost():
    """UTF-8 cannot hold it, a JSON escape can; a production log may contain one."""
    request = ChatRequest(messages=(Message(role="user", content="\ud800"),))
    assert b"\\ud800" in encode_json(request)
    assert b"\\ud800" in encode_sorted(request)


def test_the_order_of_keys_does_not_matter_when_sorted():
    assert encode_sorted({"a": {"x": 1, "y": 2}, "b": 3}) == encode_sorted({"b": 3, "a": {"y": 2, "x": 1}})


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": NaN}', b'{"a": "\xff"}', b"[" * 100_000])
def test_what_is_no_object_is_an_input_error(content):
    with pytest.raises(InputError):
        decode_object(content)
