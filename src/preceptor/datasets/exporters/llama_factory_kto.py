"""Single judged answers for LLaMA-Factory in the ShareGPT shape, with its `dataset_info.json`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_prompt
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.judged_answers import judged_answers
from preceptor.datasets.sharegpt_rows import dataset_name, sharegpt_row
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@dataclass(frozen=True, kw_only=True)
class LlamaFactoryKto:
    """Rows with `conversations`, whose last turn is the judged answer, and `kto_tag`; other kinds have no place.

    The file's entry is added to `dataset_info.json` beside it. With `split_pairs`, a preference pair gives
    two rows; with `good_from`, a scored answer is wanted from that score on.
    Source: LLaMA-Factory, data/README.md (KTO, ShareGPT), version 0.9.5.

    >>> LlamaFactoryKto().config("judged.jsonl").content["judged"]["columns"]["kto_tag"]
    'kto_tag'
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    split_pairs: bool = False
    good_from: float | None = None

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation with its answer. Raises InputError when turns do not alternate or something is missing."""
        for answer in judged_answers(record, split_pairs=self.split_pairs, good_from=self.good_from):
            require_prompt(record)
            answered = (*record.messages, Message(role="assistant", content=answer.text))
            yield {**sharegpt_row(replace(record, messages=answered)), "kto_tag": answer.is_good}

    def config(self, file_name: str) -> TrainerConfig:
        """The file's entry in `dataset_info.json`."""
        entry: JsonObject = {
            "file_name": file_name,
            "formatting": "sharegpt",
            "columns": {"messages": "conversations", "system": "system", "tools": "tools", "kto_tag": "kto_tag"},
        }
        return TrainerConfig(file_name="dataset_info.json", content={dataset_name(file_name): entry})
