"""Conversations without tools for LLaMA-Factory in the Alpaca shape, with its `dataset_info.json`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.conversation import require_alternating, require_answer_last, require_no_tools, split_system
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.sharegpt_rows import dataset_name
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class LlamaFactoryAlpaca:
    """Rows `{"instruction", "input", "output", "system", "history": [[question, answer]]}`; other kinds have no place.

    LLaMA-Factory learns the answers of `history` too. The file's entry is added to `dataset_info.json` beside it.
    Source: LLaMA-Factory, data/README.md (Alpaca), version 0.9.5.

    >>> LlamaFactoryAlpaca().config("support.jsonl").content["support"]["columns"]["response"]
    'output'
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(late_columns=("history",))

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The last question and answer, with those before. Raises InputError for tools or turns out of turn."""
        if record.kind != "sft":
            return
        require_no_tools(record, "the Alpaca shape has no place for them; use `llama_factory_sft`")
        require_answer_last(record)
        system, turns = split_system(record)
        require_alternating(record, turns)
        texts = [turn.content for turn in turns]
        history: list[JsonValue] = [list(texts[place : place + 2]) for place in range(0, len(texts) - 2, 2)]
        yield {
            "instruction": texts[-2],
            "input": "",
            "output": texts[-1],
            "system": system or "",
            "history": history,
            **provenance_columns(record),
        }

    def config(self, file_name: str) -> TrainerConfig:
        """The file's entry in `dataset_info.json`."""
        entry: JsonObject = {
            "file_name": file_name,
            "columns": {
                "prompt": "instruction",
                "query": "input",
                "response": "output",
                "system": "system",
                "history": "history",
            },
        }
        return TrainerConfig(file_name="dataset_info.json", content={dataset_name(file_name): entry})
