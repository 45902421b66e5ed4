"""What a value may be: a plain value, a list, or an object each of whose keys has its alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Any one of the values; an optional one may also be left out."""

    values: tuple[Pattern, ...]
    is_optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Fields:
    """An object with exactly these keys, each holding what its choice allows."""

    choices: dict[str, Choice]


Pattern = None | bool | int | float | str | tuple["Pattern", ...] | Fields


def literal(value: JsonValue) -> Pattern:
    """The pattern that this value alone fits.

    >>> literal({"unit": "m"})
    Fields(choices={'unit': Choice(values=('m',), is_optional=False)})
    """
    if isinstance(value, Mapping):
        return Fields(choices={key: Choice(values=(literal(item),)) for key, item in value.items()})
    return tuple(map(literal, value)) if isinstance(value, (list, tuple)) else value


def alternatives(value: JsonValue, where: str) -> Choice:
    """The choice that a list of allowed values names, as in the Berkeley function-calling leaderboard.

    An empty text in the list says that it may be left out. In an allowed object each key again
    holds a list of allowed values. Raises InputError for anything but a list, naming `where`.

    >>> alternatives(["units", ""], "unit")
    Choice(values=('units', ''), is_optional=True)
    """
    if not isinstance(value, (list, tuple)) or not value:
        raise InputError(f"{where} is {value!r}; write the list of its allowed values")
    return Choice(values=tuple(_with_alternatives(item, where) for item in value), is_optional="" in value)


def _with_alternatives(value: JsonValue, where: str) -> Pattern:
    if isinstance(value, Mapping):
        return Fields(choices={key: alternatives(item, f"{where}.{key}") for key, item in value.items()})
    return tuple(_with_alternatives(item, where) for item in value) if isinstance(value, (list, tuple)) else value
