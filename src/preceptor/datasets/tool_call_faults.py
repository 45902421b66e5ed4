"""What is wrong with the tool calls of a conversation, and with their results."""

from __future__ import annotations

from collections.abc import Iterator

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, as_object, parse_json
from preceptor.datasets.tool_schemas import argument_fault
from preceptor.datasets.types import Record
from preceptor.models.types import Message, ToolCall

MAX_ARGUMENT_CHARACTERS = 20_000
MAX_CALLS = 200
MAX_TOOLS = 1_000


def tool_call_faults(record: Record, *, must_declare: bool) -> Iterator[str]:
    """Each fault as a sentence that begins with its place.

    A call must name a declared tool and its arguments be an object of the declared shape; a record
    that declares no tools may call any unless `must_declare`. A result must answer a call of the
    turn before it that has none yet (a result that names no call answers the next one), and each
    call must be answered before the conversation goes on. Calls in the last turn are what is learnt.
    """
    if len(record.tools) > MAX_TOOLS:
        yield f"tools has {len(record.tools):,} definitions, at most {MAX_TOOLS:,} are read"
        return
    shapes = _declared(record)
    if sum(len(message.tool_calls) for message in record.messages) > MAX_CALLS:
        yield f"there are more than {MAX_CALLS} tool calls, which is the most that are read"
        return
    if record.tools or must_declare:
        yield from _declaration_faults(record, shapes)
    yield from _argument_faults(record, shapes)
    yield from _result_faults(record.messages)


def _declared(record: Record) -> dict[str, JsonObject]:
    """The JSON schema of each tool's arguments; a tool may be written with or without `function` around it."""
    found: dict[str, JsonObject] = {}
    for tool in record.tools:
        function = tool.get("function", tool)
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            shape = function.get("parameters", function.get("input_schema"))
            found[str(function["name"])] = shape if isinstance(shape, dict) else {}
    return found


def _declaration_faults(record: Record, shapes: dict[str, JsonObject]) -> Iterator[str]:
    for place, _, call in _calls(record):
        if call.name not in shapes:
            known = ", ".join(sorted(shapes)) or "none"
            yield f"{place} calls {call.name[:80]!r}, which is not declared; declared are {known[:200]}"


def _argument_faults(record: Record, shapes: dict[str, JsonObject]) -> Iterator[str]:
    for place, _, call in _calls(record):
        if len(call.arguments) > MAX_ARGUMENT_CHARACTERS:
            length, most = len(call.arguments), MAX_ARGUMENT_CHARACTERS
            yield f"{place} has {length:,} characters of arguments, at most {most:,} are read"
            continue
        try:
            arguments = as_object(parse_json(call.arguments or "{}"), "the arguments")
            fault = argument_fault(shapes[call.name], arguments) if call.name in shapes else None
        except InputError as error:
            yield f"{place}, of {call.name[:80]!r}: {error}"
            continue
        if fault is not None:
            yield f"{place}, of {call.name[:80]!r}: {fault}"


def _result_faults(messages: tuple[Message, ...]) -> Iterator[str]:
    waiting: list[str] = []
    for place, message in enumerate(messages):
        if message.role == "tool":
            answered = message.tool_call_id if message.tool_call_id is not None else next(iter(waiting), None)
            if answered not in waiting:
                yield f"messages[{place}] is the result of {message.tool_call_id!r:.80}, which is no open call"
            else:
                waiting.remove(answered)
            continue
        if waiting:
            yield f"messages[{place}] comes before the result of the call {waiting[0]!r:.80}"
        waiting = [call.id for call in message.tool_calls]
        if len(set(waiting)) < len(waiting):
            yield f"messages[{place}] uses one call id twice"


def _calls(record: Record) -> Iterator[tuple[str, Message, ToolCall]]:
    for place, message in enumerate(record.messages):
        for number, call in enumerate(message.tool_calls):
            yield f"messages[{place}].tool_calls[{number}]", message, call
