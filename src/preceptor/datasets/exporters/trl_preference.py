"""Preference pairs for TRL's DPOTrainer and its kin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonObject
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.template_messages import template_messages
from preceptor.datasets.tool_definitions import tool_rows
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@dataclass(frozen=True, kw_only=True)
class TrlPreference:
    """Rows `{"prompt": [...], "chosen": [...], "rejected": [...]}`, for DPO and ORPO; other kinds have no place.

    `from_ranking` says which pairs a ranking gives: `none`, `best_worst`, `adjacent` or `all`. The columns
    `id`, `source`, `licence` and `generator` stand beside what is learnt.
    Source: TRL, "Dataset formats and types" (preference, explicit prompt, conversational), version 1.16.

    >>> from preceptor.datasets.record import make_record
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> next(TrlPreference().rows(record))["chosen"]
    [{'role': 'assistant', 'content': 'hello'}]
    """

    version: ClassVar[int] = 2
    form: ClassVar[ExportForm] = ExportForm(late_columns=("tools",))

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers, each a list of messages. Raises InputError when one is missing."""
        tools: JsonObject = {"tools": canonical_json(tool_rows(record)).decode()} if record.tools else {}
        for pair in preference_pairs(record, self.from_ranking):
            yield {
                "prompt": template_messages(record),
                "chosen": message_rows([Message(role="assistant", content=pair.chosen)]),
                "rejected": message_rows([Message(role="assistant", content=pair.rejected)]),
                **tools,
                **provenance_columns(record),
            }
