"""Conversations for tuning Gemini on Vertex AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_answer_last
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.gemini_rows import gemini_contents, gemini_system, gemini_tools
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class Vertex:
    """Rows `{"systemInstruction": {...}, "contents": [{"role": "user" or "model", "parts": [...]}], "tools": [...]}`.

    Other kinds have no place.
    Source: Vertex AI, "Prepare supervised fine-tuning data for Gemini models" and "Tune function calling".

    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> next(Vertex().rows(Record(id="r1", kind="sft", messages=turns)))["contents"][1]
    {'role': 'model', 'parts': [{'text': 'hello'}]}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, for turns out of turn or wrong calls."""
        if record.kind != "sft":
            return
        require_answer_last(record)
        system, tools = gemini_system(record), gemini_tools(record)
        yield {
            **({"systemInstruction": system} if system else {}),
            "contents": gemini_contents(record),
            **({"tools": tools} if tools else {}),
        }
