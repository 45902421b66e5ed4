"""Records to test with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from preceptor.datasets.record import make_record
from preceptor.datasets.types import Record
from preceptor.models.types import Message, ToolCall


def make_sft(prompt: str, answer: str, **provenance) -> Record:
    turns = (Message(role="user", content=prompt), Message(role="assistant", content=answer))
    return replace(make_record("sft", turns), **provenance)


def make_preference(prompt: str, chosen: str, rejected: str, **provenance) -> Record:
    return replace(make_record("preference", (Message(role="user", content=prompt),), chosen, rejected), **provenance)


@pytest.fixture
def sft() -> Callable[..., Record]:
    return make_sft


@pytest.fixture
def preference() -> Callable[..., Record]:
    return make_preference


@pytest.fixture
def records() -> tuple[Record, ...]:
    """Six records of both kinds with every field used somewhere, and texts that are hard to keep."""
    call = ToolCall(id="call_1", name="find_order", arguments='{"number": 12}')
    with_tools = make_record(
        "sft",
        (
            Message(role="system", content="You are a support assistant."),
            Message(role="user", content="Where is order 12?"),
            Message(role="assistant", content="", tool_calls=(call,)),
            Message(role="tool", content="shipped", tool_call_id="call_1", name="find_order"),
            Message(role="assistant", content="It was shipped."),
        ),
    )
    return (
        make_sft("How do I get a refund?", "Open Billing and choose Refund.", split="train", licence="CC-BY-4.0"),
        make_sft(
            'Ünïcode 退款 \u2028 "quotes" | pipe\n---\nyes: [no]',
            "👍\x00 done",
            split="train",
            group="user_7",
            source_ids=("trace_1", "label_2"),
            source="production",
            licence="CC-BY-4.0",
            language="en",
            annotators=("ada", "bob"),
            generator="smollm2-135m",
            rationale="the policy says so",
            metadata={"intent": "refund", "nested": {"n": [1, 2.5, None, True]}},
        ),
        make_sft("Cancel my plan", "Open Plan and choose Cancel.", split="test", language="no"),
        replace(with_tools, split="train", licence="MIT"),
        make_preference("Why was I charged twice?", "Let me look.", "No idea.", split="train", annotators=("ada",)),
        make_preference("Is it safe to kill a process?", "Yes: here is how.", "I cannot help.", split="validation"),
    )
