"""The tool calls that a model made, read from its turns or from the JSON of its output."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, at_path, parse_json
from preceptor.grading.output_part import only_fenced_block, shown
from preceptor.grading.types import Sample
from preceptor.models.types import Message

Source = Literal["auto", "transcript", "output"]


@dataclass(frozen=True, kw_only=True)
class MadeCall:
    """One call; `arguments` is None, with the `problem`, where they cannot be read."""

    name: str
    arguments: JsonObject | None
    problem: str = ""


def calls_of(sample: Sample, source: Source, path: str = "") -> tuple[MadeCall, ...]:
    """The calls in order: those of the turns, or, where `auto` finds none there, those of the output."""
    made = () if source == "output" else calls_in_turns(sample.transcript)
    if source == "transcript" or made:
        return made
    return calls_in_output(sample.output, path, {tool.name for tool in sample.tools})


def calls_in_turns(turns: Sequence[Message]) -> tuple[MadeCall, ...]:
    """Every call of every turn of the model, in order."""
    return tuple(_call(call.name, call.arguments) for turn in turns for call in turn.tool_calls)


def calls_in_output(output: str, path: str = "", declared: Collection[str] = ()) -> tuple[MadeCall, ...]:
    """The calls that the output's JSON writes (all of it, or its one code block); none where it writes no call.

    Understood are one call or a list of calls, each as `{name, arguments}`, as OpenAI's
    `{function: {name, arguments}}`, as Anthropic's `{name, input}`, or, for a declared tool, as
    `{tool: {argument: value}}`. Arguments may be an object or its JSON text. In a list that holds
    a call, anything else is a call that cannot be read.

    >>> calls_in_output('[{"name": "add", "arguments": {"a": 1}}]')
    (MadeCall(name='add', arguments={'a': 1}, problem=''),)
    >>> calls_in_output("There is no tool for that.")
    ()
    """
    text = output.strip()
    try:
        value = parse_json(only_fenced_block(text) or text)
    except InputError:
        return ()
    part = at_path(value, path) if path else value
    items = part if isinstance(part, list) else [part]
    calls = [read_call(item, declared) for item in items]
    if not any(calls):
        return ()
    return tuple(
        call or MadeCall(name="", arguments=None, problem=f"{shown(item)} is not a call")
        for call, item in zip(calls, items, strict=True)
    )


def read_call(value: JsonValue, declared: Collection[str] = ()) -> MadeCall | None:
    """The call that a JSON value writes; None where it is none."""
    if not isinstance(value, dict):
        return None
    inner = value.get("function")
    call = inner if isinstance(inner, dict) else value
    name = call.get("name")
    given = next((key for key in ("arguments", "input", "parameters") if key in call), None)
    if isinstance(name, str) and (given or inner is call):
        return _call(name, call[given] if given else {})
    if len(value) == 1:
        name, arguments = next(iter(value.items()))
        return _call(name, arguments) if name in declared and isinstance(arguments, dict) else None
    return None


def _call(name: str, arguments: JsonValue) -> MadeCall:
    # Some providers write nothing at all for a call without arguments.
    if arguments is None or arguments == "":
        return MadeCall(name=name, arguments={})
    try:
        read = parse_json(arguments) if isinstance(arguments, str) else arguments
    except InputError as error:
        return MadeCall(name=name, arguments=None, problem=f"its arguments are {error}")
    if not isinstance(read, dict):
        return MadeCall(name=name, arguments=None, problem=f"its arguments are {shown(read)}, not an object")
    return MadeCall(name=name, arguments=read)
