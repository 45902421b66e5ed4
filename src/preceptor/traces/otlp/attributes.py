"""The values of OTLP JSON: typed attributes as plain JSON, keys in both spellings, ids as hexadecimal digits."""

from __future__ import annotations

import base64
import binascii
import re

from preceptor.core.construct import kind_of
from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue, as_object

HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")
INTEGER = re.compile(r"-?[0-9]{1,20}")


def member(fields: JsonObject, name: str) -> JsonValue:
    """What stands under a camelCase name, or under the same name in snake_case.

    >>> member({"trace_id": "ab"}, "traceId")
    'ab'
    """
    if name in fields:
        return fields[name]
    return fields.get(re.sub(r"([A-Z])", lambda letter: f"_{letter.group().lower()}", name))


def members(fields: JsonObject, name: str, where: str) -> list[JsonObject]:
    """The objects in a list; empty where there is none. InputError for anything but a list of objects."""
    value = member(fields, name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{where}.{name} must be a list, not {kind_of(value)}")
    return [as_object(item, f"{where}.{name}[{index}]") for index, item in enumerate(value)]


def read_attributes(fields: JsonObject, where: str) -> JsonObject:
    """The attributes as one mapping; of a key that stands twice the last counts.

    >>> read_attributes({"attributes": [{"key": "n", "value": {"intValue": "97"}}]}, "span")
    {'n': 97}
    """
    found: JsonObject = {}
    for index, attribute in enumerate(members(fields, "attributes", where)):
        key = attribute.get("key")
        if not isinstance(key, str):
            raise InputError(f"{where}.attributes[{index}].key must be a text, not {kind_of(key)}")
        found[key] = read_value(attribute.get("value"))
    return found


def read_value(value: JsonValue) -> JsonValue:
    """The plain JSON of a typed value; None for an empty one and for a type that is not known."""
    if not isinstance(value, dict):
        return value
    if isinstance(array := member(value, "arrayValue"), dict):
        items = member(array, "values")
        return [read_value(item) for item in items] if isinstance(items, list) else []
    if isinstance(mapping := member(value, "kvlistValue"), dict):
        pairs = member(mapping, "values")
        entries = [pair for pair in pairs if isinstance(pair, dict)] if isinstance(pairs, list) else []
        return {str(pair.get("key")): read_value(pair.get("value")) for pair in entries}
    number = member(value, "intValue")
    if isinstance(number, str) and INTEGER.fullmatch(number):
        return int(number)
    plain = (member(value, name) for name in ("stringValue", "boolValue", "doubleValue", "bytesValue"))
    return number if number is not None else next((found for found in plain if found is not None), None)


def read_id(value: JsonValue, num_bytes: int, where: str) -> str:
    """An id as lower-case hexadecimal digits; base64, the default of protobuf's own JSON, is turned into them.

    Raises InputError for anything else, also for the all-zero id that means "none".

    >>> read_id("WzQJrc3nTGWEPmIrhw/J1w==", 16, "traceId")
    '5b3409adcde74c65843e622b870fc9d7'
    """
    digits = ""
    if isinstance(value, str) and len(value) == 2 * num_bytes and HEXADECIMAL.fullmatch(value):
        digits = value.lower()
    elif isinstance(value, str) and len(value) < 3 * num_bytes:
        try:
            raw = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        digits = raw.hex() if len(raw) == num_bytes else ""
    if not digits.strip("0"):
        raise InputError(f"{where} is {value!r:.60}; it must be {2 * num_bytes} hexadecimal digits, not all zero")
    return digits
