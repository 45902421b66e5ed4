"""Make a training record under the id of what is learnt from it."""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import fields
from operator import attrgetter

import msgspec

from preceptor.core.ids import ID_DIGITS, canonical_json, content_id, plain
from preceptor.core.json_values import JsonValue
from preceptor.datasets.types import Record, RecordKind
from preceptor.datasets.whole_record import whole_record
from preceptor.models.types import Message

# What the id always covered; fields that came later count only where they say something.
ALWAYS = ("kind", "messages", "chosen", "rejected")
LEARNT = ("tools", "margin", "completion", "is_good", "score", "ranked", "steps", "spans", "media")
_ENCODER = msgspec.json.Encoder(order="sorted")
_always, _learnt = attrgetter(*ALWAYS), attrgetter(*LEARNT)
_NOTHING_LEARNT = tuple(one.default for name in LEARNT for one in fields(Record) if one.name == name)


def make_record(
    kind: RecordKind, messages: tuple[Message, ...], chosen: str | None = None, rejected: str | None = None
) -> Record:
    """The record, with no provenance yet: add that with `dataclasses.replace`, it does not change the id.

    >>> from dataclasses import replace
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> record = make_record("sft", turns)
    >>> replace(record, licence="CC-BY-4.0").id == make_record("sft", turns).id
    True
    """
    return with_own_id(Record(id="", kind=kind, messages=messages, chosen=chosen, rejected=rejected))


def with_own_id(record: Record) -> Record:
    """The record under the id of its content: for one whose content was just set or changed."""
    made = copy(record)
    made.__dict__["id"] = record_id(record)
    return made


def record_id(record: Record) -> str:
    """The id that the same kind, messages, answers and labels always get, on any machine.

    It is `record_` and 24 digits of the SHA-256 of their canonical JSON, written many times as fast as
    `canonical_json` does. Raises InputError for a text that has no UTF-8 form, NaN and infinity.
    """
    whole_record(record)
    content: dict[str, object] = dict(zip(ALWAYS, _always(record), strict=True))
    learnt = _learnt(record)
    if learnt != _NOTHING_LEARNT:
        said = zip(LEARNT, learnt, strict=True)
        content |= {name: _written(name, value) for name, value in said if value is not None and value != ()}
    try:
        return f"record_{hashlib.sha256(_ENCODER.encode(content)).hexdigest()[:ID_DIGITS]}"
    except (TypeError, ValueError, OverflowError):
        # The slow way has the last word on values that are unusual, and says what is wrong with them.
        return content_id("record", plain_content(record))


def plain_content(record: Record) -> dict[str, JsonValue]:
    """What the id covers, as JSON: every field that always counted, and the others where they say something."""
    content: dict[str, JsonValue] = {name: plain(getattr(record, name)) for name in ALWAYS}
    for name in LEARNT:
        value = getattr(record, name)
        if value is not None and value != ():
            content[name] = plain(value)
    return content


def _written(name: str, value: object) -> object:
    """Numbers as `canonical_json` writes them: it says 1e+16 where the fast encoder says 1e16."""
    return msgspec.Raw(canonical_json(value)) if name in {"tools", "margin", "score"} else value
