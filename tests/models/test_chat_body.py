import json

from preceptor.core.ids import content_hash
from preceptor.models.chat_body import chat_body, request_key
from preceptor.models.types import ChatRequest, Message, Tool

REQUEST = ChatRequest(messages=(Message(role="user", content="hi"),))


def test_a_request_without_tools_keeps_the_key_under_which_it_was_recorded():
    """The body as it was before tools were known, written out by hand."""
    body = {
        "messages": [{"role": "user", "content": "hi"}],
        "temperature": 0.0,
        "max_tokens": 256,
        "top_p": 1.0,
        "seed": 0,
    }
    assert request_key(chat_body("m", REQUEST)) == content_hash(body)


def test_tools_make_another_request():
    with_tool = ChatRequest(messages=REQUEST.messages, tools=(Tool(name="now"),))
    assert request_key(chat_body("m", with_tool)) != request_key(chat_body("m", REQUEST))


def test_the_epoch_is_never_sent():
    assert chat_body("m", ChatRequest(messages=REQUEST.messages, epoch=2)) == chat_body("m", REQUEST)
    assert "epoch" not in json.dumps(chat_body("m", REQUEST))
