"""Single questions and answers for fine-tuning on Amazon Bedrock (Titan and other text models)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_answer_last, split_system
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.plain_prompt import plain_prompt
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class BedrockPrompt:
    """Rows `{"prompt": text, "completion": text}`; a conversation of several turns is refused.

    Other kinds have no place.
    Source: Amazon Bedrock, "Prepare data for fine-tuning text-to-text models" (non-conversational tasks).

    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> next(BedrockPrompt().rows(Record(id="r1", kind="sft", messages=turns)))
    {'prompt': 'hi', 'completion': 'hello'}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The question, after the system text, and the answer. Raises InputError for a chat or tools."""
        if record.kind == "sft":
            require_answer_last(record)
            turns = split_system(record).turns
            yield {"prompt": plain_prompt(record, turns[:-1]).text, "completion": turns[-1].content}
