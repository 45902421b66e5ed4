"""Preference pairs for fine-tuning through Together's API (DPO)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.chat_api_rows import chat_preference_rows
from preceptor.datasets.conversation import require_alternating, split_system
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.preference_pairs import RankingPairs
from preceptor.datasets.training_limits import MEBIBYTE, TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class TogetherPreference:
    """Rows `{"input": {"messages", "tools"}, "preferred_output": [...], "non_preferred_output": [...]}`.

    `from_ranking` says which pairs a ranking gives. Other kinds have no place. Limit: at most 100 GB.
    Source: Together, "Data preparation" (preference data).

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> next(TogetherPreference().rows(record))["non_preferred_output"]
    [{'role': 'assistant', 'content': 'what'}]
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(max_bytes=100_000 * MEBIBYTE))

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers. Raises InputError, naming the record, when turns do not alternate."""
        for row in chat_preference_rows(record, self.from_ranking):
            require_alternating(record, split_system(record).turns)
            yield row
