"""Records to test with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from preceptor.datasets.record import make_record, with_own_id
from preceptor.datasets.types import Media, RankedAnswer, Record, SpanLabel, Step
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


@pytest.fixture(scope="session")
def any_record() -> st.SearchStrategy[Record]:
    """Records of every kind, with every field used, and texts and numbers that are hard to keep."""
    text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
    word = text.filter(bool)
    number = st.floats(allow_nan=False, allow_infinity=False)
    place = st.integers(min_value=0, max_value=2**53 - 1)
    call = st.builds(ToolCall, id=word, name=word, arguments=text)
    turn = st.builds(
        Message,
        role=st.sampled_from(["system", "user", "assistant", "tool"]),
        content=text,
        name=st.none() | text,
        tool_calls=st.lists(call, max_size=2).map(tuple),
        tool_call_id=word,
    )
    plain_turn = st.builds(Message, role=st.sampled_from(["system", "user", "assistant"]), content=text)
    json = st.recursive(st.none() | st.booleans() | st.integers() | number | text, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2), max_leaves=4)  # fmt: skip
    media = st.builds(
        Media,
        message=place,
        at=place,
        kind=st.sampled_from(["image", "document", "audio", "video"]),
        sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
        media_type=st.sampled_from(["", "image/png"]),
    )
    learnt = {
        "sft": {},
        "preference": {"chosen": text, "rejected": text, "margin": st.none() | number},
        "ranking": {"ranked": st.lists(st.builds(RankedAnswer, text=text, rank=place), min_size=1, max_size=3).map(tuple)},
        "binary": {"completion": text, "is_good": st.booleans()},
        "scored": {"completion": text, "score": number},
        "steps": {"steps": st.lists(st.builds(Step, text=text, is_good=st.none() | st.booleans()), min_size=1, max_size=3).map(tuple)},
        "spans": {"spans": st.lists(st.builds(SpanLabel, message=place, start=place, end=place, label=text), min_size=1, max_size=3).map(tuple)},
    }  # fmt: skip
    return st.one_of([
        st.builds(
            Record,
            id=st.just(""),
            kind=st.just(kind),
            messages=st.lists(plain_turn | turn, min_size=1, max_size=4).map(tuple),
            tools=st.lists(st.dictionaries(text, json, min_size=1, max_size=2), max_size=2).map(tuple),
            media=st.lists(media, max_size=2).map(tuple),
            rationale=text,
            group=st.none() | word,
            split=st.none() | st.sampled_from(["train", "validation", "test"]),
            source_ids=st.lists(text, max_size=2).map(tuple),
            source=text,
            licence=text,
            consent=text,
            language=text,
            annotators=st.lists(text, max_size=2).map(tuple),
            created_at=st.none() | st.datetimes().map(str),
            generator=st.none() | word,
            generator_prompt=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
            metadata=st.dictionaries(text, json, max_size=2),
            **fields,
        ).map(with_own_id)
        for kind, fields in learnt.items()
    ])  # fmt: skip
