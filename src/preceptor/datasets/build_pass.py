"""One pass over all records: each batch is decoded once, and goes through several steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from preceptor.datasets.batch import Batch
from preceptor.datasets.build_actions import RECORDS, Action
from preceptor.datasets.check import CheckContext
from preceptor.datasets.executor import Output
from preceptor.datasets.removal import Removal, without


@dataclass(frozen=True, kw_only=True)
class Pass:
    """The actions of a pass in their order, on the records that no removal takes away.

    The records are written only with `writes_records`: where none of them changes there is no need to.
    """

    removals: tuple[Removal, ...]
    actions: tuple[Action, ...]
    context: CheckContext
    writes_records: bool

    def __call__(self, rows: pa.RecordBatch) -> Iterator[Output]:
        """What comes of a batch."""
        batch = Batch(without(rows, self.removals))
        for action in self.actions:
            if not len(batch):
                return
            done = action.run(batch, self.context)
            yield from done.outputs
            batch = done.batch
        if self.writes_records and len(batch):
            yield Output(RECORDS, batch.table)
