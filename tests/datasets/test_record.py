"""A record's id follows from what is learnt, and from nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id, plain
from preceptor.datasets.record import make_record, record_id
from preceptor.models.types import Message, ToolCall

TURNS = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))


def test_the_same_content_has_the_same_id():
    assert make_record("sft", TURNS).id == make_record("sft", TURNS).id


def test_kind_messages_and_answers_each_change_the_id():
    prompt = TURNS[:1]
    ids = {
        make_record("sft", TURNS).id,
        make_record("sft", prompt).id,
        make_record("preference", TURNS).id,
        make_record("preference", prompt, "a", "b").id,
        make_record("preference", prompt, "b", "a").id,
        make_record("sft", (*prompt, replace(TURNS[1], tool_calls=(ToolCall(id="1", name="f", arguments="{}"),)))).id,
    }
    assert len(ids) == 6


def test_a_text_that_cannot_be_written_is_refused():
    """A lone surrogate has no UTF-8 form."""
    with pytest.raises(InputError, match="cannot hash"):
        make_record("sft", (Message(role="assistant", content="\ud800"),))


HOSTILE = [
    "".join(map(chr, range(0x80))),
    "\x7f\x80\x9f\xa0\xad\u2028\u2029\ufeff\ufffe\uffff",
    "\U0001f600\U0010ffff e\u0301 \u202e",
    '\\"\\\\u0041/</script>\b\f\n\r\t',
]
NUMBERS = [0.1, 1.0, -0.0, 1e16, 1e-7, 1e22, 123456789012345680.0, 5e-324, 1.7976931348623157e308, 3, 2**70]


def slow_id(record):
    """The id as it was defined: the hash of the canonical JSON of what is learnt."""
    content = {name: plain(getattr(record, name)) for name in ("kind", "messages", "chosen", "rejected")}
    for name in ("tools", "margin", "completion", "is_good", "score", "ranked", "steps", "spans", "media"):
        if getattr(record, name) not in (None, ()):
            content[name] = plain(getattr(record, name))
    return content_id("record", content)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_fast_id_is_the_defined_one_for_hostile_texts(text):
    call = ToolCall(id=text, name=text, arguments=text)
    turns = (Message(role="user", content=text, name=text), Message(role="assistant", content=text, tool_calls=(call,)))
    record = make_record("preference", turns, text, text)
    assert record.id == slow_id(record)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_fast_id_is_the_defined_one_for_hostile_numbers(number):
    record = replace(
        make_record("scored", TURNS[:1]), completion="x", score=number, margin=number, tools=({"n": [number]},)
    )
    assert record_id(record) == slow_id(record)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_the_fast_id_is_the_defined_one_for_any_record(any_record, data):
    record = data.draw(any_record)
    assert record.id == slow_id(record)


def test_an_id_stays_what_it_was_in_earlier_versions():
    """Worked out apart from the product: SHA-256 of the JSON with sorted keys and no spaces."""
    content = (
        '{"chosen":null,"kind":"sft","messages":[{"content":"hi","name":null,"role":"user","tool_call_id":null,'
        '"tool_calls":[]},{"content":"hello","name":null,"role":"assistant","tool_call_id":null,"tool_calls":[]}],'
        '"rejected":null}'
    )
    assert make_record("sft", TURNS).id == f"record_{hashlib.sha256(content.encode()).hexdigest()[:24]}"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_refused(number):
    with pytest.raises(InputError, match="cannot hash"):
        record_id(replace(make_record("scored", TURNS), score=number))
