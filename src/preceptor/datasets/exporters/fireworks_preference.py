"""Preference pairs for fine-tuning through Fireworks' API (DPO)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.chat_api_rows import chat_preference_rows
from preceptor.datasets.conversation import require_no_tools
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.preference_pairs import RankingPairs
from preceptor.datasets.training_limits import TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class FireworksPreference:
    """Rows `{"input": {"messages": [...]}, "preferred_output": [...], "non_preferred_output": [...]}`.

    The roles are system, user and assistant, so a record with tools is refused. `from_ranking` says which pairs a
    ranking gives. Other kinds have no place. Limits: from 3 to 3,000,000 examples.
    Source: Fireworks, "Direct Preference Optimization" (prepare dataset).

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> next(FireworksPreference().rows(record))["input"]
    {'messages': [{'role': 'user', 'content': 'hi'}]}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(min_rows=3, max_rows=3_000_000))

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers. Raises InputError, naming the record, for tools or a missing answer."""
        for row in chat_preference_rows(record, self.from_ranking):
            require_no_tools(record, "Fireworks' preference format has no place for them")
            yield row
