"""Names for records: the hash of their content where they have one, a sortable new id where not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from preceptor.core.clock import to_text
from preceptor.core.errors import InputError

if TYPE_CHECKING:
    from preceptor.core.json_values import JsonObject, JsonValue

ID_DIGITS = 24


def canonical_json(value: object) -> bytes:
    """One value, one text: sorted keys, no spaces, UTF-8; dataclasses are written as objects.

    Raises InputError for NaN, infinity and anything that JSON cannot hold, so that two
    different values never share a text.

    >>> canonical_json({"b": 1, "a": [True, None, "é"]}).decode()
    '{"a":[true,null,"é"],"b":1}'
    """
    try:
        text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InputError(f"cannot hash {type(value).__name__}: {error}; use JSON values only") from error


def plain(value: object) -> JsonValue:
    """The same value in dicts, lists, strings, numbers, truth values and None.

    Raises TypeError for a type that has no such form.

    >>> plain((1, {"at": datetime(2026, 1, 2, tzinfo=UTC)}))
    [1, {'at': '2026-01-02T00:00:00.000000Z'}]
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, datetime):
        return to_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def plain_object(value: object) -> JsonObject:
    """The JSON object of a dataclass or a mapping, as a row or a record is written.

    Raises InputError for a value that is no object.
    """
    written = plain(value)
    if not isinstance(written, dict):
        raise InputError(f"{type(value).__name__} has no form as an object")
    return written


def content_hash(value: object) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits.

    >>> content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(canonical_json(value)).hexdigest()


def content_id(prefix: str, value: object) -> str:
    """An id that the same content always gets, on any machine.

    >>> content_id("case", {"input": "hi"}) == content_id("case", {"input": "hi"})
    True
    """
    return f"{prefix}_{content_hash(value)[:ID_DIGITS]}"


def new_id(prefix: str, moment: datetime) -> str:
    """A fresh id that sorts by the moment it was made; 48 bits of chance keep two apart.

    >>> new_id("run", datetime(2026, 11, 24, tzinfo=UTC))[:16]
    'run_01a20ada2c00'
    """
    milliseconds = int(moment.astimezone(UTC).timestamp() * 1000)
    return f"{prefix}_{milliseconds:012x}{secrets.token_hex(6)}"
