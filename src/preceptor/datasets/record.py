"""Make a training record under the id of what is learnt from it."""

from __future__ import annotations

from dataclasses import replace

from preceptor.core.ids import content_id, plain
from preceptor.core.json_values import JsonValue
from preceptor.datasets.types import Record, RecordKind
from preceptor.models.types import Message

# What the id always covered; fields that came later count only where they say something.
ALWAYS = ("kind", "messages", "chosen", "rejected")
LEARNT = ("tools", "margin", "completion", "is_good", "score", "ranked", "steps", "spans", "media")


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
    return replace(record, id=record_id(record))


def record_id(record: Record) -> str:
    """The id that the same kind, messages, answers and labels always get, on any machine."""
    content: dict[str, JsonValue] = {name: plain(getattr(record, name)) for name in ALWAYS}
    for name in LEARNT:
        value = getattr(record, name)
        if value is not None and value != ():
            content[name] = plain(value)
    return content_id("record", content)
