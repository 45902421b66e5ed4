"""Conversations for fine-tuning through OpenAI's API and those like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class OpenaiFt:
    """Rows `{"messages": [...]}` that the API accepts; a preference record has no place here.

    >>> from preceptor.models.types import Message
    >>> OpenaiFt().row(Record(id="r1", kind="sft", messages=(Message(role="user", content="hi"),)))
    Traceback (most recent call last):
    preceptor.core.errors.InputError: record 'r1' ends with a turn of the user; the API wants an answer to learn last
    """

    version: ClassVar[int] = 1

    def row(self, record: Record) -> JsonObject | None:
        """The conversation. Raises InputError when it does not end with an answer of the assistant."""
        if record.kind != "sft":
            return None
        last = record.messages[-1] if record.messages else None
        if last is None or last.role != "assistant":
            ends = f"ends with a turn of the {last.role}" if last else "has no messages"
            raise InputError(f"record {record.id!r} {ends}; the API wants an answer to learn last")
        if len(record.messages) == 1:
            raise InputError(f"record {record.id!r} has an answer without a prompt; the API wants a conversation")
        return {"messages": message_rows(record.messages)}
