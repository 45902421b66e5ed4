"""The tool calls that a case wants, read from its target."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.calls_made import read_call
from preceptor.grading.output_part import shown
from preceptor.grading.value_pattern import Choice, Fields, alternatives, literal

_FORMS = "write {name: ..., arguments: {...}}, or {<tool>: {<argument>: [<allowed values>]}}"


@dataclass(frozen=True, kw_only=True)
class WantedCall:
    """One call that should be made; `arguments` None: with any arguments."""

    name: str
    arguments: Fields | None


def wanted_calls(target: JsonValue) -> tuple[WantedCall, ...]:
    """The calls that a target lists, in order; an empty list wants none. One call may stand without a list.

    A call is a tool's name (any arguments), `{name, arguments}`, OpenAI's
    `{function: {name, arguments}}`, or `{tool: {argument: [allowed, ...]}}` as in the Berkeley
    leaderboard. The second form takes `allowed: {argument: [values]}` for arguments with
    several right values, and `optional: [arguments]` for those that may be left out.
    Raises InputError for a target that says no calls.

    >>> wanted_calls([{"area": {"unit": ["m", ""]}}])[0].arguments.choices["unit"]
    Choice(values=('m', ''), is_optional=True)
    """
    items = target if isinstance(target, (list, tuple)) else [target]
    return tuple(_wanted(item, f"call {number} of the target") for number, item in enumerate(items, 1))


def _wanted(item: JsonValue, where: str) -> WantedCall:
    if isinstance(item, str) and item:
        return WantedCall(name=item, arguments=None)
    if not isinstance(item, dict):
        raise InputError(f"{where} is {shown(item)}; {_FORMS}")
    call = read_call(item)
    if call is not None and call.arguments is None:
        raise InputError(f"{where}, {call.name!r}: {call.problem}")
    if call is not None or isinstance(item.get("name"), str):
        name = call.name if call else str(item["name"])
        given = (call.arguments or {}) if call else {}
        return WantedCall(name=name, arguments=_fields(given, item, f"{where}, {name!r}"))
    tool, allowed = next(iter(item.items()), ("", None))
    if len(item) == 1 and isinstance(allowed, dict):
        choices = {key: alternatives(values, f"{where}, {tool}.{key}") for key, values in allowed.items()}
        return WantedCall(name=tool, arguments=Fields(choices=choices))
    raise InputError(f"{where} is {shown(item)}; {_FORMS}")


def _fields(given: JsonObject, item: JsonObject, where: str) -> Fields:
    choices = {key: Choice(values=(literal(value),)) for key, value in given.items()}
    allowed, optional = item.get("allowed", {}), item.get("optional", [])
    if not isinstance(allowed, dict) or not isinstance(optional, list):
        raise InputError(f"{where}: allowed is a mapping of argument to values, optional a list of arguments")
    for key, values in allowed.items():
        choices[key] = alternatives(values, f"{where}, allowed.{key}")
    for name in optional:
        if not isinstance(name, str) or name not in choices:
            raise InputError(f"{where}: optional names {name!r}, which is no argument of it")
        choices[name] = replace(choices[name], is_optional=True)
    return Fields(choices=choices)
