"""What chat formats ask of a conversation: who speaks first and last, whose turn it is, which calls are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, as_object, parse_json
from preceptor.datasets.types import Record
from preceptor.models.types import Message, ToolCall


class Conversation(NamedTuple):
    """The text of the system turns that open a conversation (None without any), and the turns after them."""

    system: str | None
    turns: tuple[Message, ...]


def split_system(record: Record) -> Conversation:
    """The opening system text apart from the rest. Raises InputError when a system turn comes later."""
    opening = 0
    while opening < len(record.messages) and record.messages[opening].role == "system":
        opening += 1
    turns = record.messages[opening:]
    if any(turn.role == "system" for turn in turns):
        raise InputError(f"record {record.id!r} has a system turn in the middle; the format takes it first only")
    texts = [turn.content for turn in record.messages[:opening]]
    return Conversation("\n\n".join(texts) if texts else None, turns)


def require_answer_last(record: Record) -> None:
    """Raises InputError when the conversation does not end with an answer of the assistant to something."""
    last = record.messages[-1] if record.messages else None
    if last is None or last.role != "assistant":
        ends = f"ends with a turn of the {last.role}" if last else "has no messages"
        raise InputError(f"record {record.id!r} {ends}; the API wants an answer to learn last")
    if all(turn.role in {"assistant", "system"} for turn in record.messages):
        raise InputError(f"record {record.id!r} has an answer without a prompt; the API wants a conversation")


def require_prompt(record: Record) -> None:
    """Raises InputError when a prompt does not end with a turn that asks for an answer."""
    last = record.messages[-1] if record.messages else None
    if last is None or last.role not in {"user", "tool"}:
        ends = f"ends with a turn of the {last.role}" if last else "is empty"
        raise InputError(f"the prompt of record {record.id!r} {ends}; the format wants a turn of the user last")


def require_roles(record: Record, roles: Sequence[str]) -> None:
    """Raises InputError for a turn of anybody else."""
    for place, turn in enumerate(record.messages):
        if turn.role not in roles:
            raise InputError(
                f"record {record.id!r} has a turn of the {turn.role!r} (messages[{place}]); the format knows "
                f"{', '.join(roles)}"
            )


def require_alternating(record: Record, turns: Sequence[Message]) -> None:
    """Raises InputError unless user (or tool) and assistant take turns, the user first.

    Tool results that follow each other count as one turn.
    """
    spoken: list[str] = []
    for turn in turns:
        side = "assistant" if turn.role == "assistant" else "user"
        if turn.role == "tool" and spoken and spoken[-1] == "tool":
            continue
        if spoken and (spoken[-1] == "assistant") == (side == "assistant"):
            raise InputError(
                f"record {record.id!r} has two turns of the {turn.role} side in a row; the format wants user and "
                "assistant to alternate"
            )
        spoken.append(turn.role if turn.role == "tool" else side)
    if turns and turns[0].role != "user":
        raise InputError(f"record {record.id!r} starts with a turn of the {turns[0].role}; the format wants the user")


def require_answered_calls(record: Record) -> None:
    """Raises InputError for a tool result that answers no call, or a call with no result before the next turn.

    Calls of the last turn need no result: they are what is learnt.
    """
    waiting: set[str] = set()
    for place, turn in enumerate(record.messages):
        if turn.role == "tool":
            if turn.tool_call_id not in waiting:
                raise InputError(f"messages[{place}] of record {record.id!r} answers no call ({turn.tool_call_id!r})")
            waiting.discard(turn.tool_call_id)
            continue
        if waiting:
            raise InputError(
                f"record {record.id!r} has no result for the call {min(waiting)!r}; add it or cut the call"
            )
        waiting = {call.id for call in turn.tool_calls}
        if len(waiting) < len(turn.tool_calls):
            raise InputError(f"messages[{place}] of record {record.id!r} uses one call id twice; give each its own")


def call_arguments(record: Record, call: ToolCall) -> JsonObject:
    """The arguments of a call as an object. Raises InputError when their text is none."""
    try:
        return as_object(parse_json(call.arguments or "{}"), "the arguments")
    except InputError as error:
        raise InputError(f"record {record.id!r}, call {call.id!r} of {call.name!r}: {error}") from error


def require_no_tools(record: Record, instead: str) -> None:
    """Raises InputError, with what to do instead, for a record that uses tools."""
    if uses_tools(record):
        raise InputError(f"record {record.id!r} uses tools; {instead}")


def uses_tools(record: Record) -> bool:
    """True when the record offers tools, calls one, or shows a result."""
    return bool(record.tools) or any(turn.tool_calls or turn.role == "tool" for turn in record.messages)


def has_wide_turns(record: Record) -> bool:
    """True when a turn has more than its role and its words: a name, calls, or the id of a call."""
    return any(turn.name is not None or turn.tool_calls or turn.tool_call_id is not None for turn in record.messages)
