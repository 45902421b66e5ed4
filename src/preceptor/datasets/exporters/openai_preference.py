"""Preference pairs for fine-tuning through OpenAI's API (DPO)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.chat_api_rows import chat_preference_rows
from preceptor.datasets.conversation import require_roles
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.preference_pairs import RankingPairs
from preceptor.datasets.training_limits import MEBIBYTE, TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class OpenaiPreference:
    """Rows `{"input": {"messages", "tools"}, "preferred_output": [...], "non_preferred_output": [...]}`.

    Each output is one answer of the assistant. `from_ranking` says which pairs a ranking gives. Other kinds have
    no place. Limits: at least 10 examples, at most 512 MiB.
    Source: OpenAI, "Direct preference optimization" and the API reference of FineTunePreferenceRequestInput.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> next(OpenaiPreference().rows(record))["preferred_output"]
    [{'role': 'assistant', 'content': 'hello'}]
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(min_rows=10, max_bytes=512 * MEBIBYTE))

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers. Raises InputError, naming the record, for what the API would refuse."""
        for row in chat_preference_rows(record, self.from_ranking):
            require_roles(record, ("system", "user", "assistant", "tool"))
            yield row
