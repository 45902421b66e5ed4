"""Conversations for fine-tuning through Together's API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.chat_api_rows import chat_row
from preceptor.datasets.conversation import require_alternating, split_system
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.training_limits import MEBIBYTE, TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class Together:
    """Rows `{"messages": [...], "tools": [...]}`, and nothing else: the server refuses a row that fits two formats.

    A conversation starts with system or user, and user and assistant alternate. Other kinds have no place.
    Limit: at most 100 GB.
    Source: Together, "Data preparation" (conversational data, file size) and "Function-calling fine-tuning".

    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> list(next(Together().rows(Record(id="r1", kind="sft", messages=turns))))
    ['messages']
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(max_bytes=100_000 * MEBIBYTE))

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, when turns do not alternate or calls are wrong."""
        if record.kind == "sft":
            require_alternating(record, split_system(record).turns)
            yield chat_row(record, "all")
