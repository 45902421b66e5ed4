"""Conversations for supervised fine-tuning through OpenAI's API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.chat_api_rows import TrainOn, chat_row
from preceptor.datasets.conversation import require_roles
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.training_limits import MEBIBYTE, TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class OpenaiFt:
    """Rows `{"messages": [...], "tools": [...], "parallel_tool_calls": true}` that the API accepts.

    `parallel_tool_calls` stands where there are tools; it is true when a turn makes several calls at once,
    unless the setting says otherwise. `train_on`: `last` gives earlier answers the weight 0. Other kinds have
    no place. Limits: at least 10 examples, at most 512 MiB.
    Source: OpenAI, "Supervised fine-tuning" (10 examples) and the API reference of
    FineTuneChatRequestInput (tools, parallel_tool_calls, weight 0 or 1) and of files (512 MB).

    >>> from preceptor.models.types import Message
    >>> next(OpenaiFt().rows(Record(id="r1", kind="sft", messages=(Message(role="user", content="hi"),))))
    Traceback (most recent call last):
    preceptor.core.errors.InputError: record 'r1' ends with a turn of the user; the API wants an answer to learn last
    """

    version: ClassVar[int] = 2
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(min_rows=10, max_bytes=512 * MEBIBYTE))

    train_on: TrainOn = "all"
    parallel_tool_calls: bool | None = None

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, for what the API would refuse."""
        if record.kind != "sft":
            return
        require_roles(record, ("system", "user", "assistant", "tool"))
        row = chat_row(record, self.train_on)
        if "tools" in row:
            several = any(len(turn.tool_calls) > 1 for turn in record.messages)
            row["parallel_tool_calls"] = several if self.parallel_tool_calls is None else self.parallel_tool_calls
        yield row
