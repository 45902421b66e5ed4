"""Preference pairs for TRL's DPOTrainer and its kin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@dataclass(frozen=True, kw_only=True)
class TrlPreference:
    """Rows `{"prompt": [...], "chosen": [...], "rejected": [...]}`; an sft record has no place here.

    >>> from preceptor.datasets.record import make_record
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> TrlPreference().row(record)["chosen"]
    [{'role': 'assistant', 'content': 'hello'}]
    """

    version: ClassVar[int] = 1

    def row(self, record: Record) -> JsonObject | None:
        """The prompt and the two answers, each a list of messages. Raises InputError when one is missing."""
        if record.kind != "preference":
            return None
        if record.chosen is None or record.rejected is None:
            raise InputError(f"record {record.id!r} lacks its chosen or rejected answer; run the check `schema`")
        return {
            "prompt": message_rows(record.messages),
            "chosen": message_rows([Message(role="assistant", content=record.chosen)]),
            "rejected": message_rows([Message(role="assistant", content=record.rejected)]),
        }
