"""JSON for requests and answers, quickly: the same values as elsewhere, checked for what an answer can do wrong."""

from __future__ import annotations

import json

import msgspec

from preceptor.core.errors import InputError
from preceptor.core.ids import plain
from preceptor.core.json_values import JsonObject, as_object

_encoder = msgspec.json.Encoder()
_sorted_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder()


def encode_json(value: object) -> bytes:
    """The JSON text of a value; dataclasses are written as objects.

    >>> encode_json({"b": [1, None], "a": "é"}).decode()
    '{"b":[1,null],"a":"é"}'
    """
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        # Half a surrogate pair is no UTF-8; JSON can still say it as an escape.
        return json.dumps(plain(value), separators=(",", ":")).encode("ascii")


def encode_sorted(value: object) -> bytes:
    """The JSON text with the keys of all objects sorted: equal values, equal text.

    >>> encode_sorted({"b": 1, "a": 2}).decode()
    '{"a":2,"b":1}'
    """
    try:
        return _sorted_encoder.encode(value)
    except UnicodeEncodeError:
        return json.dumps(plain(value), separators=(",", ":"), sort_keys=True).encode("ascii")


def decode_object(content: bytes) -> JsonObject:
    """The JSON object in an answer.

    Raises InputError for broken JSON, NaN, nesting too deep to read, and anything that is no object.

    >>> decode_object(b'{"score": NaN}')
    Traceback (most recent call last):
    preceptor.core.errors.InputError: not JSON: JSON is malformed: invalid character (byte 10)
    """
    try:
        value = _decoder.decode(content)
    except msgspec.DecodeError as error:
        raise InputError(f"not JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: byte {error.start} cannot be read") from error
    except RecursionError as error:
        raise InputError("nested too deep; this is no answer") from error
    return as_object(value, "the answer")
