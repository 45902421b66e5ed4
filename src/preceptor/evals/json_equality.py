"""When two JSON values are the same value."""

from __future__ import annotations

from preceptor.core.json_values import JsonValue


def is_same_json(first: JsonValue, second: JsonValue) -> bool:
    """True for the same value: the order of keys does not count, 1 and 1.0 are one number, true is not 1.

    >>> is_same_json({"a": 1, "b": [True]}, {"b": [True], "a": 1.0}), is_same_json(True, 1)
    (True, False)
    """
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(is_same_json(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(is_same_json(*pair) for pair in zip(first, second, strict=True))
    return first == second
