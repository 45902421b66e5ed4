"""What JSON can hold, as types, and the one safe way to read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from preceptor.core.errors import InputError

if TYPE_CHECKING:
    JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
else:
    # Settings are made from annotations at run time, where a name inside itself cannot be resolved.
    JsonValue = None | bool | int | float | str | list[object] | dict[str, object]
JsonObject = dict[str, JsonValue]

MAX_DEPTH = 200


def parse_json(text: str | bytes, *, nan_is_null: bool = False) -> JsonValue:
    """The value that a JSON text holds.

    Raises InputError, saying where, for broken JSON, NaN and infinity (JSON has neither; with
    `nan_is_null` they are read as null, for tools that write them), the same key twice in one
    object, numbers with thousands of digits, and nesting deeper than 200: hostile or damaged
    input, not data.

    >>> parse_json('{"score": 1}')
    {'score': 1}
    >>> parse_json('{"score": NaN}')
    Traceback (most recent call last):
    preceptor.core.errors.InputError: NaN is not JSON; write null where a number is missing
    """
    try:
        if not isinstance(text, str):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        value: JsonValue = (_LENIENT if nan_is_null else _STRICT).decode(text)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at line {error.lineno} column {error.colno}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: byte {error.start} cannot be read") from error
    except RecursionError as error:
        raise InputError(f"nested deeper than {MAX_DEPTH}; flatten it") from error
    except ValueError as error:
        raise InputError(f"not usable JSON: {error}") from error
    # What opens few objects and lists cannot be deep, which is quick to see.
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth_exceeds(value, MAX_DEPTH):
        raise InputError(f"nested deeper than {MAX_DEPTH}; flatten it")
    return value


def as_object(value: JsonValue, what: str) -> JsonObject:
    """The value itself when it is an object; InputError naming `what` otherwise."""
    if isinstance(value, dict):
        return value
    raise InputError(f"{what} must be an object, not {type(value).__name__} ({_short(value)})")


def at_path(value: object, path: str) -> JsonValue:
    """What stands at a dotted path (`usage.total`, `choices.0.text`), or None where nothing does.

    >>> at_path({"choices": [{"text": "hi"}]}, "choices.0.text")
    'hi'
    """
    here = value
    for part in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here  # type: ignore[return-value]  # a part of a JSON value is a JSON value


def _refuse_constant(name: str) -> JsonValue:
    raise InputError(f"{name} is not JSON; write null where a number is missing")


def _null(_name: str) -> JsonValue:
    return None


def _object_without_duplicates(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise InputError(f"the key {twice!r} stands twice in one object; keep one")


def _depth_exceeds(value: JsonValue, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        deeper: list[JsonValue] = []
        for item in level:
            if isinstance(item, dict):
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
        if not deeper:
            return False
        level = deeper
    return True


def _short(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - one line of an error


# Made once: `json.loads` makes a decoder a call.
_STRICT = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_object_without_duplicates)
_LENIENT = json.JSONDecoder(parse_constant=_null, object_pairs_hook=_object_without_duplicates)
