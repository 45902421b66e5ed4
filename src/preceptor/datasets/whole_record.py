"""A record with every field written out, so that equal records are written as equal bytes.

msgspec leaves the fields that its input lacked to the class, and later writes only what an object holds itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields

from preceptor.datasets.types import Media, Record, Step
from preceptor.models.types import Message

_NUM_FIELDS: dict[type, int] = {cls: len(fields(cls)) for cls in (Record, Message, Step, Media)}
_DEFAULTS: dict[type, dict[str, object]] = {
    cls: {one.name: one.default for one in fields(cls) if one.default is not MISSING} for cls in _NUM_FIELDS
}


def whole_record(record: Record) -> Record:
    """The same record; nothing that can be read of it changes.

    >>> import msgspec
    >>> read = msgspec.json.decode(b'{"id": "", "kind": "sft", "messages": []}', type=Record)
    >>> b"rationale" in msgspec.json.encode(read), b"rationale" in msgspec.json.encode(whole_record(read))
    (False, True)
    """
    _complete((record,), Record)
    _complete(record.messages, Message)
    _complete(record.steps, Step)
    _complete(record.media, Media)
    return record


def _complete(values: Iterable[object], cls: type) -> None:
    for value in values:
        held = value.__dict__
        if len(held) < _NUM_FIELDS[cls]:
            lacking = {name: default for name, default in _DEFAULTS[cls].items() if name not in held}
            held.update(lacking)
            if cls is Record:
                held.setdefault("metadata", {})
