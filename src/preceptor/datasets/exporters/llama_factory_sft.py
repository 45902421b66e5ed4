"""Conversations for LLaMA-Factory in the ShareGPT shape, with its `dataset_info.json`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_answer_last, require_answered_calls
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.sharegpt_rows import dataset_name, sharegpt_row
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class LlamaFactorySft:
    """Rows `{"conversations": [{"from", "value"}], "system": text, "tools": text}`; other kinds have no place.

    The file's entry is added to `dataset_info.json` beside it, whose other entries stay.
    Source: LLaMA-Factory, data/README.md (ShareGPT) and data/converter.py, version 0.9.5.

    >>> LlamaFactorySft().config("support.jsonl").content["support"]["formatting"]
    'sharegpt'
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation. Raises InputError when turns do not alternate or calls have no result."""
        if record.kind == "sft":
            require_answer_last(record)
            require_answered_calls(record)
            yield sharegpt_row(record)

    def config(self, file_name: str) -> TrainerConfig:
        """The file's entry in `dataset_info.json`."""
        entry: JsonObject = {
            "file_name": file_name,
            "formatting": "sharegpt",
            "columns": {"messages": "conversations", "system": "system", "tools": "tools"},
        }
        return TrainerConfig(file_name="dataset_info.json", content={dataset_name(file_name): entry})
