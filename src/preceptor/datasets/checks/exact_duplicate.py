"""No record says the same as an earlier one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import pyarrow as pa

from preceptor.core.ids import canonical_json, plain
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.normal_text import normalise
from preceptor.datasets.types import CheckFinding, Fix, Record


class _First(NamedTuple):
    ordinal: int
    id: str


@dataclass(frozen=True, kw_only=True)
class ExactDuplicate:
    """Objects to each copy of an earlier record; capitals, white space and Unicode forms make no difference.

    The first is kept; the evidence names it.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> first, copy = (make_record("sft", (Message(role="assistant", content=text),)) for text in ("Hi  you", "hi you"))
    >>> [found.record_id == copy.id for found in find_in(ExactDuplicate(), [first, copy], CheckContext())]
    [True]
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """The key of each record: 16 bytes, and the first 8 as its bucket."""
        keys = [_key(record) for record in batch.records]
        return pa.record_batch(
            {
                "ordinal": batch.table.column("ordinal"),
                "id": batch.table.column("id"),
                "key": pa.array(keys, pa.binary(16)),
                "bucket": pa.array([int.from_bytes(key[:8], "big") for key in keys], pa.uint64()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that stands again, with the record that is kept."""
        return Conclusion(_copies(gathered))


def _copies(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts(by="bucket"):
        kept: dict[bytes, _First] = {}
        rows = zip(*(part.column(name).to_pylist() for name in ("key", "ordinal", "id")), strict=True)
        for key, ordinal, number in rows:
            first = kept.setdefault(key, _First(ordinal, number))
            if first.ordinal != ordinal:
                yield CheckFinding(
                    record_id=number,
                    reason=f"says the same as {first.id}, which is kept",
                    evidence={"kept": first.id, "kept_index": first.ordinal},
                    index=ordinal,
                )


def _key(record: Record) -> bytes:
    turns = [
        [message.role, normalise(message.content), plain(message.tool_calls), message.tool_call_id]
        for message in record.messages
    ]
    answers = [None if text is None else normalise(text) for text in (record.chosen, record.rejected)]
    return hashlib.sha256(canonical_json([record.kind, turns, answers])).digest()[:16]
