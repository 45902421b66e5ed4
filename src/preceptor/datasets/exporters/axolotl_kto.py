"""Single judged answers for Axolotl, with the dataset stanza of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import split_system
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.judged_answers import judged_answers
from preceptor.datasets.plain_prompt import plain_prompt
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class AxolotlKto:
    """Rows `{"system": text, "prompt": text, "completion": text, "label": true}`, and the stanza beside them.

    The format knows no chat: a prompt of several turns is refused. `template` is the chat template that
    the stanza names. With `split_pairs`, a preference pair gives two rows; with `good_from`, a scored answer
    is wanted from that score on.
    Source: Axolotl, "RLHF" (KTO, chatml.ultra, llama3.ultra) and prompt_strategies/kto, version 0.19.

    >>> AxolotlKto().config("judged.jsonl").content["datasets"][0]["type"]
    'chatml.ultra'
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    template: str = "chatml"
    split_pairs: bool = False
    good_from: float | None = None

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The question, one answer and whether it is wanted. Raises InputError for a chat or what is missing."""
        for answer in judged_answers(record, split_pairs=self.split_pairs, good_from=self.good_from):
            prompt = plain_prompt(record, split_system(record).turns)
            yield {
                "system": prompt.system,
                "prompt": prompt.question,
                "completion": answer.text,
                "label": answer.is_good,
                **provenance_columns(record),
            }

    def config(self, file_name: str) -> TrainerConfig:
        """The method and the stanza to put into the training configuration."""
        stanza: JsonObject = {"path": file_name, "ds_type": "json", "split": "train", "type": f"{self.template}.ultra"}
        content: JsonObject = {"rl": "kto", "remove_unused_columns": False, "datasets": [stanza]}
        return TrainerConfig(file_name=f"{file_name}.axolotl.yaml", content=content)
