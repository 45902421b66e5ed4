"""What a tool's declared parameter schema says against a value."""

from __future__ import annotations

from collections.abc import Callable

from preceptor.core.construct import Path
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.grading.output_part import shown
from preceptor.grading.value_difference import Difference


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_integer(value: JsonValue) -> bool:
    return _is_number(value) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


_TYPES: dict[str, Callable[[JsonValue], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, (list, tuple)),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def type_difference(value: JsonValue, schema: JsonValue, at: Path = ()) -> Difference | None:
    """The first place where a value breaks its schema's `type`, `enum`, `items`, `properties` or `required`.

    A number may be whole; 5.0 is an integer, as JSON schema has it, 5.5 is not. Other keywords, and
    types of other dialects, are not looked at: the `json_schema` grader checks the full language.

    >>> type_difference({"days": "5"}, {"properties": {"days": {"type": "integer"}}}).text
    "days: got '5', wanted type integer"
    """
    if not isinstance(schema, dict):
        return None
    declared = schema.get("type")
    names = [name for name in (declared if isinstance(declared, list) else [declared]) if isinstance(name, str)]
    if names and all(name in _TYPES and not _TYPES[name](value) for name in names):
        return Difference(at, shown(value), f"type {' or '.join(names)}")
    enum = schema.get("enum")
    if isinstance(enum, list) and value not in enum:
        return Difference(at, shown(value), f"one of {shown(enum)}")
    if isinstance(value, (list, tuple)):
        found = (type_difference(item, schema.get("items"), (*at, index)) for index, item in enumerate(value))
        return next((one for one in found if one), None)
    return _object_difference(value, schema, at) if isinstance(value, dict) else None


def properties_of(schema: JsonObject) -> JsonObject:
    """The declared arguments of a tool; empty where it declares none."""
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def missing_required(arguments: JsonObject, schema: JsonObject) -> str | None:
    """The first required key that is not there."""
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    return next((name for name in names if isinstance(name, str) and name not in arguments), None)


def _object_difference(value: JsonObject, schema: JsonObject, at: Path) -> Difference | None:
    missing = missing_required(value, schema)
    if missing is not None:
        return Difference((*at, missing), "nothing", "a value; it is required")
    properties = properties_of(schema)
    found = (type_difference(value[key], properties[key], (*at, key)) for key in properties if key in value)
    return next((one for one in found if one), None)
