"""Conversations for TRL's SFTTrainer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.template_messages import template_messages
from preceptor.datasets.tool_definitions import tool_rows
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class TrlSft:
    """Rows `{"messages": [...]}`, with `tools` as JSON text where the record offers some; other kinds have no place.

    The columns `id`, `source`, `licence` and `generator` stand beside what is learnt; the trainer passes over
    them. The arguments of calls are objects, as chat templates want them (`datasets` keeps them apart from 4.7
    on, which TRL asks for); `arguments`: `text` leaves them as the model wrote them. Tools are JSON text, which
    the trainer reads too: their schemas differ from row to row.
    Source: TRL, "Dataset formats and types" (tool calling), and its SFTTrainer, version 1.16.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> next(TrlSft().rows(make_record("sft", turns)))["messages"]
    [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': 'hello'}]
    """

    version: ClassVar[int] = 2
    form: ClassVar[ExportForm] = ExportForm(late_columns=("tools",))

    arguments: Literal["object", "text"] = "object"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation with its last answer. Raises InputError for arguments that are no object."""
        if record.kind == "sft":
            messages = message_rows(record.messages) if self.arguments == "text" else template_messages(record)
            tools: JsonObject = {"tools": canonical_json(tool_rows(record)).decode()} if record.tools else {}
            yield {"messages": messages, **tools, **provenance_columns(record)}
