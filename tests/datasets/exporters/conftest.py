"""Records of every kind with values that can be worked out by hand."""

from __future__ import annotations

import pytest

from preceptor.datasets.exporter import exporters
from preceptor.datasets.types import RankedAnswer, Record, SpanLabel, Step
from preceptor.models.types import Message, ToolCall

SYSTEM = Message(role="system", content="Be brief.")
ASK = Message(role="user", content="Where are orders 1 and 2?")
CALLS = Message(
    role="assistant",
    content="",
    tool_calls=(
        ToolCall(id="call_one", name="find", arguments='{"number": 1}'),
        ToolCall(id="call_two", name="find", arguments='{"number": 2}'),
    ),
)
RESULTS = (
    Message(role="tool", content="shipped", tool_call_id="call_one"),
    Message(role="tool", content="lost", tool_call_id="call_two"),
)
SCHEMA = {"type": "object", "properties": {"number": {"type": "integer"}}}
FIND = {"type": "function", "function": {"name": "find", "description": "Find an order.", "parameters": SCHEMA}}


def said(text):
    return Message(role="assistant", content=text)


@pytest.fixture
def with_tools():
    turns = (SYSTEM, ASK, CALLS, *RESULTS, said("1 is shipped, 2 is lost."))
    return Record(id="t", kind="sft", messages=turns, tools=(FIND,))


@pytest.fixture
def chat():
    """Two questions and two answers after a system text."""
    turns = (
        SYSTEM,
        Message(role="user", content="2 + 2?"),
        said("4"),
        Message(role="user", content="3 + 3?"),
        said("6"),
    )
    return Record(id="c", kind="sft", messages=turns)


@pytest.fixture
def pair():
    return Record(
        id="p",
        kind="preference",
        messages=(SYSTEM, Message(role="user", content="Hi")),
        chosen="Hello.",
        rejected="What?",
        margin=0.5,
    )


@pytest.fixture
def ranking():
    """The answer a is best, b and c are equal, d is worst."""
    ranked = tuple(RankedAnswer(text=text, rank=rank) for text, rank in (("d", 3), ("b", 2), ("a", 1), ("c", 2)))
    return Record(id="r", kind="ranking", messages=(Message(role="user", content="Hi"),), ranked=ranked)


@pytest.fixture
def binary():
    return Record(
        id="b", kind="binary", messages=(SYSTEM, Message(role="user", content="Hi")), completion="No.", is_good=False
    )


@pytest.fixture
def scored():
    return Record(id="s", kind="scored", messages=(Message(role="user", content="Hi"),), completion="Hello.", score=0.7)


@pytest.fixture
def steps():
    worked = (Step(text="2 + 2 is 4.", is_good=True), Step(text="So 5.", is_good=False), Step(text="Done."))
    return Record(id="w", kind="steps", messages=(SYSTEM, Message(role="user", content="2 + 2?")), steps=worked)


@pytest.fixture
def spans():
    labels = (
        SpanLabel(message=0, start=0, end=3, label="PERSON"),
        SpanLabel(message=0, start=7, end=11, label="PLACE"),
    )
    return Record(id="l", kind="spans", messages=(Message(role="user", content="Ada in Oslo"),), spans=labels)


@pytest.fixture
def rows():
    """The rows that an exporter gives for a record, without the columns of its provenance."""

    def give(name, record, **settings):
        found = exporters.create(name, settings).rows(record)
        return [
            {key: value for key, value in row.items() if key not in {"id", "source", "licence", "generator"}}
            for row in found
        ]

    return give
