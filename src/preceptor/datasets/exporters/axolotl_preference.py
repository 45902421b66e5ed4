"""Preference pairs for Axolotl, with the dataset stanza of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_no_tools
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class AxolotlPreference:
    """Rows `{"messages": [...], "chosen": {...}, "rejected": {...}}`, and `<name>.axolotl.yaml` beside them.

    `rl` is the method that the stanza names. `from_ranking` says which pairs a ranking gives. Other kinds
    have no place; the format drops tool calls, so a record with tools is refused.
    Source: Axolotl, "RLHF" (DPO, chat_template.default) and prompt_strategies/dpo/chat_template.py, version 0.19.

    >>> AxolotlPreference().config("pairs.jsonl").content["rl"]
    'dpo'
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    rl: Literal["dpo", "ipo", "simpo"] = "dpo"
    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers. Raises InputError when one is missing."""
        for pair in preference_pairs(record, self.from_ranking):
            require_no_tools(record, "Axolotl's preference format has no place for them")
            yield {
                "messages": message_rows(record.messages),
                "chosen": {"role": "assistant", "content": pair.chosen},
                "rejected": {"role": "assistant", "content": pair.rejected},
                **provenance_columns(record),
            }

    def config(self, file_name: str) -> TrainerConfig:
        """The method and the stanza to put into the training configuration."""
        stanza: JsonObject = {
            "path": file_name,
            "ds_type": "json",
            "split": "train",
            "type": "chat_template.default",
            "field_messages": "messages",
            "field_chosen": "chosen",
            "field_rejected": "rejected",
            "message_property_mappings": {"role": "role", "content": "content"},
        }
        return TrainerConfig(file_name=f"{file_name}.axolotl.yaml", content={"rl": self.rl, "datasets": [stanza]})
