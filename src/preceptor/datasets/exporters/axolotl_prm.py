"""Judged steps for Axolotl's process reward models, with the dataset stanza of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.step_rows import UnjudgedSteps, step_row
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class AxolotlPrm:
    """Rows `{"prompt": text, "completions": [...], "labels": [...]}`, and the stanza beside them.

    `unjudged`: `refuse` a record with a step that nobody judged, or `cut` its answer before that step.
    Source: Axolotl, "Reward Modelling" (stepwise_supervised), version 0.19.

    >>> AxolotlPrm().config("steps.jsonl").content["process_reward_model"]
    True
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    unjudged: UnjudgedSteps = "refuse"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The question, the steps and the judgements. Raises InputError for a chat, or a step that nobody judged."""
        if record.kind == "steps":
            yield {**step_row(record, self.unjudged), **provenance_columns(record)}

    def config(self, file_name: str) -> TrainerConfig:
        """The stanza to put into the training configuration."""
        stanza: JsonObject = {"path": file_name, "ds_type": "json", "split": "train", "type": "stepwise_supervised"}
        content: JsonObject = {"process_reward_model": True, "num_labels": 2, "datasets": [stanza]}
        return TrainerConfig(file_name=f"{file_name}.axolotl.yaml", content=content)
