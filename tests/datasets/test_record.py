"""A record's id follows from what is learnt, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preceptor.core.errors import InputError
from preceptor.datasets.record import make_record
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
