"""Make a training record under the id of what is learnt from it."""

from __future__ import annotations

from preceptor.core.ids import content_id, plain
from preceptor.datasets.types import Record, RecordKind
from preceptor.models.types import Message


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
    number = record_id(kind, messages, chosen, rejected)
    return Record(id=number, kind=kind, messages=messages, chosen=chosen, rejected=rejected)


def record_id(kind: RecordKind, messages: tuple[Message, ...], chosen: str | None, rejected: str | None) -> str:
    """The id that the same kind, messages and answers always get, on any machine."""
    content = {"kind": kind, "messages": plain(messages), "chosen": chosen, "rejected": rejected}
    return content_id("record", content)
