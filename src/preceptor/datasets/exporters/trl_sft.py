"""Conversations for TRL's SFTTrainer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class TrlSft:
    """Rows `{"messages": [...]}`; a preference record has no place here.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> TrlSft().row(make_record("sft", turns))
    {'messages': [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': 'hello'}]}
    """

    version: ClassVar[int] = 1

    def row(self, record: Record) -> JsonObject | None:
        """The conversation with its last answer."""
        return {"messages": message_rows(record.messages)} if record.kind == "sft" else None
