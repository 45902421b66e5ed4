import json

import pytest

from preceptor.core.errors import InputError
from preceptor.models.estimate import estimate_tokens, most_input_tokens, most_output_tokens, prices_of
from preceptor.models.spend import Prices
from preceptor.models.types import ChatRequest, Message, Tool, ToolCall


def asked(*texts: str, **fields) -> ChatRequest:
    return ChatRequest(messages=tuple(Message(role="user", content=text) for text in texts), **fields)


def test_the_estimate_counts_bytes_messages_and_the_answers_beginning():
    """By hand: (8 + 4) / 4 + 2 x 4 + 3 = 14; an é is two bytes."""
    assert estimate_tokens(asked("12345678", "1234")) == 14
    assert estimate_tokens(asked("éé")) == 1 + 4 + 3


def test_tools_schema_and_calls_count_too():
    plain = estimate_tokens(asked("hi"))
    tool = Tool(name="weather", description="of a city", parameters={"type": "object"})
    assert estimate_tokens(asked("hi", tools=(tool,))) > plain
    assert estimate_tokens(asked("hi", response_schema={"type": "object"})) > plain
    call = Message(role="assistant", content="", tool_calls=(ToolCall(id="1", name="weather", arguments="{}" * 50),))
    assert estimate_tokens(ChatRequest(messages=(call,))) >= 25


def test_the_most_is_never_below_one_token_a_byte():
    assert most_input_tokens(asked("日本語")) >= len("日本語".encode())
    tool = Tool(name="weather", parameters={"type": "object"})
    assert most_input_tokens(asked("x", tools=(tool,))) >= 1024 + len(json.dumps({"type": "object"}))


@pytest.mark.parametrize(
    ("extra", "most"),
    [
        ({}, None),
        ({"top_k": 5}, None),
        ({"max_tokens": 900}, 900),
        ({"max_tokens": None, "max_completion_tokens": 4000}, 4000),
    ],
)
def test_extra_fields_may_allow_longer_answers(extra, most):
    assert most_output_tokens({"kind": "openai", "extra_body": extra}) == most


def test_answers_of_any_length_fit_no_budget():
    with pytest.raises(InputError, match="no budget can be held"):
        most_output_tokens({"extra_body": {"max_tokens": None}})


def test_prices_are_read_from_the_settings():
    settings = {"kind": "openai", "model": "m", "input_price": 1.0, "output_price": 2.0}
    assert prices_of(settings) == Prices(input_per_million=1.0, output_per_million=2.0)
    assert not prices_of({"kind": "anthropic", "model": "m"}).are_known


@pytest.mark.parametrize(
    "settings", [{"kind": "local", "model": "smollm2-135m"}, {"kind": "replay", "path": "x.jsonl"}]
)
def test_this_machine_costs_nothing(settings):
    assert prices_of(settings).cost(1_000_000, 1_000_000) == 0.0


def test_wrong_settings_are_named():
    with pytest.raises(InputError, match="no provider named 'opnai'"):
        prices_of({"kind": "opnai", "model": "m"})
