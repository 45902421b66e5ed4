"""Production conversations played again up to a turn."""

from __future__ import annotations

import pytest

from preceptor.core.errors import InputError
from preceptor.evals.replay import cases_from_trace, replay
from preceptor.evals.types import RecordedToolResult
from preceptor.models.types import Message, ToolCall
from preceptor.traces.types import Trace

CALL = Message(role="assistant", content="", tool_calls=(ToolCall(id="1", name="look", arguments='{"id": 1}'),))
TALK = (
    Message(role="system", content="s"),
    Message(role="user", content="one"),
    CALL,
    Message(role="tool", content="found", tool_call_id="1"),
    Message(role="assistant", content="answer one"),
    Message(role="user", content="two"),
)


def test_the_conversation_ends_with_the_users_turn_and_brings_the_results_up_to_the_next():
    found = replay(TALK, 1)
    assert [message.content for message in found.messages] == ["s", "one"]
    assert found.tool_results == (RecordedToolResult(name="look", arguments={"id": 1}, content="found"),)
    assert replay(TALK, 2) == (TALK, ())


@pytest.mark.parametrize("turn", [0, 3])
def test_a_turn_that_is_not_there_is_refused(turn):
    with pytest.raises(InputError, match=f"turn {turn} .*has 2"):
        replay(TALK, turn)


def test_one_trace_gives_a_case_a_turn_in_one_cluster():
    trace = Trace(id="trace_1", source="x", messages=TALK, output="answer two")
    first, second = cases_from_trace(trace)
    assert [case.messages[-1].content for case in (first, second)] == ["one", "two"]
    assert all(message.role != "system" for message in second.messages)
    assert {case.cluster for case in (first, second)} == {"trace_1"}
    assert first.id != second.id
    assert cases_from_trace(trace, [2]) == [second]
