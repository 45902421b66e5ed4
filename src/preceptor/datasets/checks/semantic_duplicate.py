"""No record means nearly the same as an earlier one (by embeddings: for people to look at)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.semantic_neighbours import BLOCK, Vectors, iter_neighbours
from preceptor.datasets.text_vectors import NUM_DIMENSIONS, missing_model, text_vectors
from preceptor.datasets.types import CheckFinding, Fix

MIN_THRESHOLD = 0.5


@dataclass(frozen=True, kw_only=True)
class SemanticDuplicate:
    """Points to each record whose text has a cosine of `threshold` or more to that of an earlier record.

    The vectors come from the small model of the extra `similarity`: the mean of word vectors, which knows
    neither word order nor negation. “Refund the order” and “do not refund the order” are close to
    each other, and so are two records of one narrow topic. So it only points; what it finds is for people to
    read, and nothing is dropped. Every record is compared with every other one that is kept: above `max_records`
    it says that it did not look.

    >>> SemanticDuplicate().threshold
    0.95
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "none"
    threshold: float = 0.95
    max_records: int = 100_000

    def __post_init__(self) -> None:
        """Refuse a cosine that everything reaches."""
        if not MIN_THRESHOLD <= self.threshold <= 1:
            raise InputError(f"threshold is {self.threshold!r}; give a cosine from {MIN_THRESHOLD} to 1")
        if self.max_records < 1:
            raise InputError(f"max_records is {self.max_records!r}; give a number from 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks the package, or nothing
        """What to install."""
        return missing_model()

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """The vector of each record's text, in half precision."""
        vectors = text_vectors([text.replace("\x00", " ") for text in batch.texts.to_pylist()])
        flat = pa.array(vectors.astype(np.float16).ravel(), pa.float16())
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "id": batch.table.column("id"),
                "vector": pa.FixedSizeListArray.from_arrays(flat, NUM_DIMENSIONS),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that is close to an earlier one, with that one and the cosine."""
        if gathered.num_records > self.max_records:
            return Conclusion(
                (),
                reason=f"{gathered.num_records:,} records are more than the {self.max_records:,} of max_records, "
                "and each is compared with all others",
            )
        return Conclusion(list(self._findings(gathered)))

    def _findings(self, gathered: Gathered) -> Iterator[CheckFinding]:
        ordinals: list[int] = []
        ids: list[str] = []
        for found in iter_neighbours(_blocks(gathered, ordinals, ids), self.threshold):
            yield CheckFinding(
                record_id=ids[found.place],
                reason=f"means nearly the same as {ids[found.kept]} (cosine {found.cosine:.3f})",
                evidence={
                    "other": ids[found.kept],
                    "other_index": ordinals[found.kept],
                    "cosine": round(found.cosine, 4),
                },
                index=ordinals[found.place],
            )


def _blocks(gathered: Gathered, ordinals: list[int], ids: list[str]) -> Iterator[Vectors]:
    """The vectors in order, some at a time; notes whose they are."""
    for part in gathered.parts():
        for rows in part.to_batches(max_chunksize=BLOCK):
            ordinals += rows.column("ordinal").to_pylist()
            ids += rows.column("id").to_pylist()
            vectors = rows.column("vector").flatten().to_numpy(zero_copy_only=False)
            yield vectors.reshape(-1, NUM_DIMENSIONS).astype(np.float32)
