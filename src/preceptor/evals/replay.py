"""A production conversation played again up to a turn of the user: the model answers next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.ids import content_id
from preceptor.core.json_values import JsonObject, parse_json
from preceptor.evals.types import EvalCase, RecordedToolResult
from preceptor.models.types import Message, ToolCall
from preceptor.traces.types import Trace


class Replay(NamedTuple):
    """What the model is shown, and what tools said in the part of the conversation that it should take over."""

    messages: tuple[Message, ...]
    tool_results: tuple[RecordedToolResult, ...]


def replay(messages: Sequence[Message], turn: int) -> Replay:
    """The conversation up to and including the user's turn number `turn`, counted from 1.

    Results are those of the calls between that turn and the user's next. Raises InputError
    when the user did not speak so often.

    >>> said = [Message(role=role, content=text) for role, text in (("user", "a"), ("assistant", "b"), ("user", "c"))]
    >>> [message.content for message in replay(said, 2).messages]
    ['a', 'b', 'c']
    """
    places = [place for place, message in enumerate(messages) if message.role == "user"]
    if not 1 <= turn <= len(places):
        raise InputError(f"replay up to turn {turn!r} of the user: the conversation has {len(places)}; give 1 or more")
    start = places[turn - 1] + 1
    end = places[turn] if turn < len(places) else len(messages)
    return Replay(tuple(messages[:start]), _results(messages[start:end]))


def cases_from_trace(trace: Trace, turns: Sequence[int] = ()) -> list[EvalCase]:
    """One case for each of these turns of the user (all of them when none is named), in their order.

    They share a cluster: turns of one conversation are not independent. The same trace and turn
    always give the same id. Raises InputError as `replay`.
    """
    conversation = trace.turns
    num_turns = sum(message.role == "user" for message in conversation)
    cases: list[EvalCase] = []
    for turn in turns or range(1, num_turns + 1):
        shown, results = replay(conversation, turn)
        cases.append(
            EvalCase(
                id=content_id("case", {"trace": trace.id, "turn": turn}),
                messages=tuple(message for message in shown if message.role != "system"),
                cluster=trace.conversation or trace.id,
                source_id=trace.id,
                tool_results=results,
            )
        )
    return cases


def _results(messages: Sequence[Message]) -> tuple[RecordedToolResult, ...]:
    calls = {call.id: call for message in messages for call in message.tool_calls}
    answered = [(calls.get(message.tool_call_id or ""), message) for message in messages if message.role == "tool"]
    return tuple(
        RecordedToolResult(name=call.name, content=message.content, arguments=arguments)
        for call, message in answered
        if call is not None and (arguments := _arguments(call)) is not None
    )


def _arguments(call: ToolCall) -> JsonObject | None:
    try:
        value = parse_json(call.arguments or "{}")
    except InputError:
        return None
    return value if isinstance(value, dict) else None
