"""Preference pairs for Axolotl's reward models, with the dataset stanza of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import split_system
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.plain_prompt import plain_prompt
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class AxolotlReward:
    """Rows `{"system": text, "input": text, "chosen": text, "rejected": text}`, and the stanza beside them.

    The format wants conversations of one turn: a longer prompt is refused. `from_ranking` says which pairs
    a ranking gives. Source: Axolotl, "Reward Modelling" (bradley_terry.chat_template), version 0.19.

    >>> AxolotlReward().config("pairs.jsonl").content["reward_model"]
    True
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The question and two answers. Raises InputError for a chat or a missing answer."""
        for pair in preference_pairs(record, self.from_ranking):
            prompt = plain_prompt(record, split_system(record).turns)
            yield {
                "system": prompt.system,
                "input": prompt.question,
                "chosen": pair.chosen,
                "rejected": pair.rejected,
                **provenance_columns(record),
            }

    def config(self, file_name: str) -> TrainerConfig:
        """The stanza to put into the training configuration."""
        stanza: JsonObject = {
            "path": file_name,
            "ds_type": "json",
            "split": "train",
            "type": "bradley_terry.chat_template",
        }
        content: JsonObject = {"reward_model": True, "datasets": [stanza]}
        return TrainerConfig(file_name=f"{file_name}.axolotl.yaml", content=content)
