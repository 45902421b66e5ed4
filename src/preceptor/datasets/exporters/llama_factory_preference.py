"""Preference pairs for LLaMA-Factory in the ShareGPT shape, with its `dataset_info.json`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_prompt
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.sharegpt_rows import dataset_name, sharegpt_row
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class LlamaFactoryPreference:
    """Rows with `conversations` and the turns `chosen` and `rejected`, for DPO, ORPO and reward models.

    The file's entry is added to `dataset_info.json` beside it. `from_ranking` says which pairs a ranking
    gives. Source: LLaMA-Factory, data/README.md (preference, ShareGPT), version 0.9.5.

    >>> LlamaFactoryPreference().config("pairs.jsonl").content["pairs"]["ranking"]
    True
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers. Raises InputError when turns do not alternate or an answer is missing."""
        for pair in preference_pairs(record, self.from_ranking):
            require_prompt(record)
            yield {
                **sharegpt_row(record),
                "chosen": {"from": "gpt", "value": pair.chosen},
                "rejected": {"from": "gpt", "value": pair.rejected},
            }

    def config(self, file_name: str) -> TrainerConfig:
        """The file's entry in `dataset_info.json`."""
        entry: JsonObject = {
            "file_name": file_name,
            "formatting": "sharegpt",
            "ranking": True,
            "columns": {
                "messages": "conversations",
                "system": "system",
                "tools": "tools",
                "chosen": "chosen",
                "rejected": "rejected",
            },
        }
        return TrainerConfig(file_name="dataset_info.json", content={dataset_name(file_name): entry})
