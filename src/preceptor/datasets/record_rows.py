"""A training record as the JSON row that is read back as the same record."""

from __future__ import annotations

from preceptor.core.ids import plain_object
from preceptor.core.json_values import JsonObject
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.types import Record


def record_row(record: Record) -> JsonObject:
    """The record in the usual shape: `messages` for an sft or spans record, `prompt` and the answers for others.

    Fields that say nothing are left out; the synthetic mark and the rest of the provenance stand in it.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record_row(make_record("sft", (Message(role="assistant", content="hi"),)))
    {'messages': [{'role': 'assistant', 'content': 'hi'}]}
    """
    turns = "messages" if record.kind in {"sft", "spans"} else "prompt"
    written = plain_object(record)
    said = {
        name: value
        for name, value in written.items()
        if name not in {"id", "kind", "messages"} and value not in (None, "", [], {})
    }
    return {turns: message_rows(record.messages), **said}
