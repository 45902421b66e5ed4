"""One field of a row as the type that it must have, or the reason why it has not."""

from __future__ import annotations

import math
from datetime import datetime
from typing import cast

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, parse_json
from preceptor.core.rows import text_of


def read_text(row: JsonObject, *names: str) -> str | None:
    """The text of the first of these fields that says something; a number is taken as its text.

    Raises InputError, naming the field, for anything else. So do all functions here.
    """
    for name in names:
        value = row.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return text_of(value)
        raise InputError(f"{name} must be a text, not {kind_of(value)}")
    return None


def read_texts(row: JsonObject, name: str) -> tuple[str, ...]:
    """The texts of a list; a cell may hold the list as JSON."""
    value = as_json(row.get(name), name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{name} must be a list of texts, not {value!r:.60}")
    return tuple(cast("list[str]", value))


def read_objects(row: JsonObject, name: str) -> list[JsonValue]:
    """A list, which a cell may hold as JSON; empty when it is not there."""
    value = as_json(row.get(name), name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{name} must be a list, not {kind_of(value)}")
    return value


def read_object(row: JsonObject, name: str) -> JsonObject:
    """An object, which a cell may hold as JSON; empty when it is not there."""
    value = as_json(row.get(name), name)
    if not value:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{name} must be an object, not {kind_of(value)}")
    return value


def read_number(row: JsonObject, *names: str) -> float | None:
    """The first of these fields that is there; a cell may hold the number as text."""
    for name in names:
        value = row.get(name)
        if value is not None and value != "":
            return as_number(value, name)
    return None


def as_number(value: JsonValue, field: str) -> float:
    """The value as a finite number.

    >>> as_number("0.5", "score"), as_number(2, "score")
    (0.5, 2.0)
    """
    try:
        number = math.nan if isinstance(value, bool) else float(cast("float", value))
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{field} must be a number, not {value!r:.60}")
    return number


def as_whole_number(value: JsonValue, field: str) -> int:
    """The value as a whole number below 2^53."""
    number = as_number(value, field)
    if not number.is_integer() or abs(number) >= 2**53:
        raise InputError(f"{field} must be a whole number, not {value!r:.60}")
    return int(number)


def as_truth(value: JsonValue) -> bool | None:
    """True or false, also as the text of a cell; None for anything else.

    >>> as_truth(True), as_truth("False"), as_truth("billing"), as_truth(1)
    (True, False, None, None)
    """
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def as_json(value: JsonValue, field: str) -> JsonValue:
    """The value; what the JSON says where it is a text, as in a cell of CSV. An empty text is None."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    if value.lstrip()[0] not in "[{":
        return value
    try:
        return parse_json(value)
    except InputError as error:
        raise InputError(f"{field}: {error}") from error


def read_moment(row: JsonObject, name: str) -> str | None:
    """A moment as it was written, which must be ISO 8601."""
    written = read_text(row, name)
    if written is None:
        return None
    try:
        datetime.fromisoformat(written)
    except ValueError as error:
        raise InputError(f"{name} must be ISO 8601, such as 2026-01-31T12:00:00Z, not {written!r:.60}") from error
    return written
