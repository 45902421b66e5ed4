"""No record says the same as an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.exact_keys import exact_keys
from preceptor.datasets.stated_provenance import num_stated
from preceptor.datasets.types import CheckFinding, Fix


@dataclass(frozen=True, kw_only=True)
class ExactDuplicate:
    """Objects to each copy of a record that is kept; capitals, white space and Unicode forms make no difference.

    Of copies the `first` is kept, or with `keep: best` the one that states more of its provenance. The
    evidence names it.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> first, copy = (make_record("sft", (Message(role="assistant", content=text),)) for text in ("Hi  you", "hi you"))
    >>> [found.record_id == copy.id for found in find_in(ExactDuplicate(), [first, copy], CheckContext())]
    [True]
    """

    version: ClassVar[int] = 2
    fix: ClassVar[Fix] = "drop"
    keep: Literal["first", "best"] = "first"

    def __post_init__(self) -> None:
        """Refuse another choice."""
        if self.keep not in {"first", "best"}:
            raise InputError(f"keep is {self.keep!r}; it is first or best")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """The key of each record in two halves, the first as its bucket, and how much provenance it states."""
        keys = exact_keys(batch)
        stated = [num_stated(record) for record in batch.records] if self.keep == "best" else [0] * len(batch)
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "id": batch.table.column("id"),
                "bucket": pa.array(keys[:, 0], pa.uint64()),
                "key": pa.array(keys[:, 1], pa.uint64()),
                "num_stated": pa.array(stated, pa.int32()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that stands again, with the record that is kept."""
        return Conclusion(_copies(gathered))


def _copies(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts(by="bucket"):
        firsts = _kept_rows(part)
        copies = np.flatnonzero(firsts != np.arange(len(firsts)))
        chosen, kept = (part.select(["ordinal", "id"]).take(pa.array(rows)) for rows in (copies, firsts[copies]))
        columns = (table.column(name).to_pylist() for table in (chosen, kept) for name in ("ordinal", "id"))
        for ordinal, number, kept_ordinal, kept_id in zip(*columns, strict=True):
            yield CheckFinding(
                record_id=number,
                reason=f"says the same as {kept_id}, which is kept",
                evidence={"kept": kept_id, "kept_index": kept_ordinal},
                index=ordinal,
            )


def _kept_rows(part: pa.Table) -> NDArray[np.int64]:
    """For each row the row that is kept of those with its key: itself, where it stands alone."""
    names = ("ordinal", "num_stated", "key", "bucket")
    ordinal, stated, key, bucket = (part.column(name).to_numpy() for name in names)
    order = np.lexsort((ordinal, -stated, key, bucket))
    is_first = np.ones(len(order), bool)
    is_first[1:] = (key[order][1:] != key[order][:-1]) | (bucket[order][1:] != bucket[order][:-1])
    kept = np.empty(len(order), np.int64)
    kept[order] = order[np.flatnonzero(is_first)[np.cumsum(is_first) - 1]]
    return kept
