"""Preference pairs for TRL's RewardTrainer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.preference_pairs import RankingPairs, preference_pairs
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.template_messages import template_messages
from preceptor.datasets.types import Record
from preceptor.models.types import Message


@dataclass(frozen=True, kw_only=True)
class TrlReward:
    """Rows `{"chosen": [...], "rejected": [...]}`, each the whole conversation; other kinds have no place.

    With `margin`, a column `margin` says by how much the chosen answer is better; the trainer takes it for
    all rows or none, so a pair without one is refused. `from_ranking` says which pairs a ranking gives.
    Source: TRL, "Reward Modeling" and its RewardTrainer (preference, implicit prompt; margin), version 1.16.

    >>> from preceptor.datasets.record import make_record
    >>> record = make_record("preference", (Message(role="user", content="hi"),), "hello", "what")
    >>> next(TrlReward().rows(record))["rejected"]
    [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': 'what'}]
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(late_columns=("tools",))

    margin: bool = False
    from_ranking: RankingPairs = "none"

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The conversation with either answer. Raises InputError when an answer or a wanted margin is missing."""
        for pair in preference_pairs(record, self.from_ranking):
            if self.margin and pair.margin is None:
                raise InputError(
                    f"record {record.id!r} has no margin, and the trainer wants one in each row; leave it out"
                )
            yield {
                "chosen": [*template_messages(record), *message_rows([Message(role="assistant", content=pair.chosen)])],
                "rejected": [
                    *template_messages(record),
                    *message_rows([Message(role="assistant", content=pair.rejected)]),
                ],
                **({"margin": pair.margin} if self.margin else {}),
                **provenance_columns(record),
            }
