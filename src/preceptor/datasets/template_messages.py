"""Messages as chat templates want them: the arguments of calls are objects."""

from __future__ import annotations

from preceptor.core.json_values import JsonValue
from preceptor.datasets.conversation import call_arguments
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.types import Record


def template_messages(record: Record) -> list[JsonValue]:
    """The record's turns; a template that writes arguments as JSON would write a text of them in quotes.

    Raises InputError for arguments that are no JSON object.

    >>> from preceptor.models.types import Message, ToolCall
    >>> call = ToolCall(id="c", name="find", arguments='{"number": 1}')
    >>> turn = Message(role="assistant", content="", tool_calls=(call,))
    >>> template_messages(Record(id="r1", kind="sft", messages=(turn,)))[0]["tool_calls"][0]["function"]
    {'name': 'find', 'arguments': {'number': 1}}
    """
    rows = message_rows(record.messages)
    for turn, row in zip(record.messages, rows, strict=True):
        if turn.tool_calls and isinstance(row, dict):
            row["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call_arguments(record, call)},
                }
                for call in turn.tool_calls
            ]
    return rows
