"""Single judged answers for TRL's KTOTrainer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.judged_answers import judged_answers
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.template_messages import template_messages
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@dataclass(frozen=True, kw_only=True)
class TrlKto:
    """Rows `{"prompt": [...], "completion": [...], "label": true}`; other kinds have no place.

    With `split_pairs`, a preference pair gives two rows. With `good_from`, a scored answer is wanted from
    that score on. Source: TRL, "Dataset formats and types" (unpaired preference), version 1.16.

    >>> record = Record(id="r1", kind="binary", messages=(Message(role="user", content="hi"),), completion="hello",
    ...     is_good=True)
    >>> row = next(TrlKto().rows(record))
    >>> row["completion"], row["label"]
    ([{'role': 'assistant', 'content': 'hello'}], True)
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(late_columns=("tools",))

    split_pairs: bool = False
    good_from: float | None = None

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt, one answer and whether it is wanted. Raises InputError when one is missing."""
        for answer in judged_answers(record, split_pairs=self.split_pairs, good_from=self.good_from):
            yield {
                "prompt": template_messages(record),
                "completion": message_rows([Message(role="assistant", content=answer.text)]),
                "label": answer.is_good,
                **provenance_columns(record),
            }
