"""Conversations for fine-tuning Claude on Amazon Bedrock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_alternating, require_answer_last, require_no_tools, split_system
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class BedrockClaude:
    """Rows `{"system": text, "messages": [{"role", "content": text}]}` with no other key.

    The first turn is the user's, the last the assistant's, and they alternate; the form has no place for tools.
    Other kinds have no place. Source: Anthropic's cookbook, "Finetuning Claude 3 Haiku on Bedrock".

    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> list(next(BedrockClaude().rows(Record(id="r1", kind="sft", messages=turns))))
    ['messages']
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, for turns out of turn or tools."""
        if record.kind != "sft":
            return
        require_no_tools(record, "the form has no place for them; leave the record out")
        require_answer_last(record)
        system, turns = split_system(record)
        require_alternating(record, turns)
        messages: JsonObject = {"messages": [{"role": turn.role, "content": turn.content} for turn in turns]}
        yield messages if system is None else {"system": system, **messages}
