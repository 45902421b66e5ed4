"""Preference pairs for tuning Gemini on Vertex AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import require_no_tools, require_prompt
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.gemini_rows import gemini_contents, gemini_system
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.training_limits import MEBIBYTE, TrainingLimits
from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class VertexPreference:
    """Rows with `contents`, which end with the user, and `completions`: the better with score 1, the worse with 0.

    Text only. `from_ranking` says which pairs a ranking gives. Other kinds have no place. Limits: at most
    10,000,000 examples and 1 GiB.
    Source: Vertex AI, "Prepare preference tuning data for Gemini models" and "About preference tuning".

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> [one["score"] for one in next(VertexPreference().rows(record))["completions"]]
    [1, 0]
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(limits=TrainingLimits(max_rows=10_000_000, max_bytes=1024 * MEBIBYTE))

    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The prompt and two answers. Raises InputError, naming the record, for tools or turns out of turn."""
        for pair in preference_pairs(record, self.from_ranking):
            require_no_tools(record, "the form takes text only")
            require_prompt(record)
            system = gemini_system(record)
            yield {
                **({"system_instruction": {"parts": system["parts"]}} if system else {}),
                "contents": gemini_contents(record),
                "completions": [
                    {"score": 1, "completion": {"role": "model", "parts": [{"text": pair.chosen}]}},
                    {"score": 0, "completion": {"role": "model", "parts": [{"text": pair.rejected}]}},
                ],
            }
