"""Conversations for fine-tuning through Fireworks' API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.chat_api_rows import TrainOn, chat_row
from preceptor.datasets.conversation import split_system
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.training_limits import TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class Fireworks:
    """Rows `{"messages": [...], "tools": [...]}`; a system turn comes first or not at all.

    `train_on`: `last` gives earlier answers the weight 0. Other kinds have no place.
    Limits: from 3 to 3,000,000 examples.
    Source: Fireworks, "Supervised Fine Tuning - Text" (examples, roles, weight, OpenAI-compatible form).

    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> next(Fireworks().rows(Record(id="r1", kind="sft", messages=turns)))["messages"][1]
    {'role': 'assistant', 'content': 'hello'}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(min_rows=3, max_rows=3_000_000))

    train_on: TrainOn = "all"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, for a late system turn or wrong calls."""
        if record.kind == "sft":
            split_system(record)
            yield chat_row(record, self.train_on)
