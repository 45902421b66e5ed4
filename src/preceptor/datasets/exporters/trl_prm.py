"""Judged steps for TRL's PRMTrainer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.step_rows import UnjudgedSteps, step_row
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class TrlPrm:
    """Rows `{"prompt": text, "completions": [...], "labels": [...]}`; other kinds have no place.

    `unjudged`: `refuse` a record with a step that nobody judged, or `cut` its answer before that step.
    Source: TRL, "Dataset formats and types" (stepwise supervision); the trainer left TRL after 1.13.

    >>> from preceptor.datasets.types import Step
    >>> from preceptor.models.types import Message
    >>> steps = (Step(text="2 + 2 is 4.", is_good=True), Step(text="So 5.", is_good=False))
    >>> record = Record(id="r1", kind="steps", messages=(Message(role="user", content="2 + 2?"),), steps=steps)
    >>> next(TrlPrm().rows(record))["labels"]
    [True, False]
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm()

    unjudged: UnjudgedSteps = "refuse"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The question, the steps and the judgements. Raises InputError for a chat, or a step that nobody judged."""
        if record.kind == "steps":
            yield {**step_row(record, self.unjudged), **provenance_columns(record)}
