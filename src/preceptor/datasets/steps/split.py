"""Puts each record into a split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.datasets.batch import Batch
from preceptor.datasets.changed_batch import with_changed
from preceptor.datasets.split import SplitPlan, key_of, split_of_key
from preceptor.datasets.types import Record, SplitName


@dataclass(frozen=True, kw_only=True)
class Split:
    """Divides the records by their groups, or their prompts where they have none: adding records moves none.

    `by` may be `prompt`, `template`, `conversation`, `user` or a field such as `metadata.customer` instead.
    With `keep` a split that a record has stays.

    >>> from preceptor.datasets.batch import make_batch
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> batch = make_batch([make_record("sft", (Message(role="assistant", content="hi"),))], [0])
    >>> Split(train=1.0, validation=0.0, test=0.0).apply(batch).records[0].split
    'train'
    """

    version: ClassVar[int] = 1
    train: float = 0.8
    validation: float = 0.1
    test: float = 0.1
    seed: int = 0
    by: str = "group"
    keep: bool = False

    def __post_init__(self) -> None:
        self._plan()

    def apply(self, batch: Batch) -> Batch:
        """The batch with a split on every record."""
        plan = self._plan()
        changed = {}
        for row, record in enumerate(batch.records):
            split = record.split if self.keep and record.split else split_of_key(key_of(record, self.by), plan)
            if split != record.split:
                changed[row] = with_split(record, split)
        return with_changed(batch, changed, same_texts=True)

    def _plan(self) -> SplitPlan:
        return SplitPlan(train=self.train, validation=self.validation, test=self.test, seed=self.seed)


def with_split(record: Record, split: SplitName) -> Record:
    """The record in a split, in a tenth of the time that `replace` takes for its 27 fields."""
    made = object.__new__(Record)
    made.__dict__.update(record.__dict__)
    made.__dict__["split"] = split
    return made
