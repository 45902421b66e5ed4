"""Conversations for fine-tuning through Mistral's API and mistral-finetune."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.chat_api_rows import TrainOn, chat_row
from preceptor.datasets.conversation import split_system
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.training_limits import MEBIBYTE, TrainingLimits
from preceptor.datasets.types import Record

_CALL_ID = re.compile(r"[A-Za-z0-9]{9}")


@dataclass(frozen=True, kw_only=True)
class Mistral:
    """Rows `{"messages": [...], "tools": [...]}`; ids of tool calls get nine letters or digits.

    An id of another form is replaced by nine digits of its SHA-256, the same in the call and its result. `train_on`:
    `last` gives earlier answers the weight 0; with tools, mistral-finetune learns the last answer only.
    Other kinds have no place. Limit: at most 512 MiB.
    Source: mistral-finetune, README (instruct, function calling, weight) and finetune/data/tokenize.py;
    Mistral, "Text Fine-tuning".

    >>> from preceptor.models.types import Message
    >>> turns = (Message(role="user", content="hi"), Message(role="assistant", content="hello"))
    >>> next(Mistral().rows(Record(id="r1", kind="sft", messages=turns)))["messages"][0]
    {'role': 'user', 'content': 'hi'}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(max_bytes=512 * MEBIBYTE))

    train_on: TrainOn = "all"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError, naming the record, for a late system turn or wrong calls."""
        if record.kind == "sft":
            split_system(record)
            row = chat_row(record, self.train_on)
            yield {**row, "messages": [_with_short_ids(turn) for turn in _objects(row["messages"])]}


def _with_short_ids(turn: JsonObject) -> JsonValue:
    row = dict(turn)
    if "tool_calls" in row:
        row["tool_calls"] = [{**call, "id": _short(str(call["id"]))} for call in _objects(row["tool_calls"])]
    if "tool_call_id" in row:
        row["tool_call_id"] = _short(str(row["tool_call_id"]))
    return row


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _short(call_id: str) -> str:
    return call_id if _CALL_ID.fullmatch(call_id) else hashlib.sha256(call_id.encode()).hexdigest()[:9]
