"""One property of a record as text, by the name that settings write."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import cast

from preceptor.core.errors import InputError
from preceptor.core.json_values import at_path
from preceptor.core.rows import text_of
from preceptor.datasets.types import Record

PROPERTIES = ("kind", "source", "licence", "consent", "language", "split", "group", "generator")
_METADATA = "metadata."


def field_reader(name: str) -> Callable[[Record], str | None]:
    """What reads the field: a property of records, or `metadata.` and a dotted path.

    Where a record has nothing, or a list or an object, it gives None. Raises InputError for an unknown name.

    >>> read = field_reader("metadata.intent")
    >>> read(Record(id="r1", kind="sft", messages=(), metadata={"intent": "refund"}))
    'refund'
    """
    if name in PROPERTIES:
        read = cast("Callable[[Record], str | None]", attrgetter(name))
        return lambda record: read(record) or None
    if not name.startswith(_METADATA) or name == _METADATA:
        raise InputError(f"{name!r} is no field; write metadata.NAME or one of {', '.join(PROPERTIES)}")
    path = name.removeprefix(_METADATA)
    if "." in path:
        return lambda record: _text(at_path(record.metadata, path))
    return lambda record: _text(record.metadata.get(path))


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    return text_of(value) if isinstance(value, (bool, int, float)) else None
