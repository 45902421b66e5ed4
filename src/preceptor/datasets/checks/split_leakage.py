"""Nothing that is learnt from stands in another split as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import pyarrow as pa

from preceptor.core.ids import content_hash
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.record_texts import prompt_hash
from preceptor.datasets.types import CheckFinding, Fix, Record


class _First(NamedTuple):
    id: str
    split: str


@dataclass(frozen=True, kw_only=True)
class SplitLeakage:
    """Objects to a record whose group, or whose normalised prompt, stands earlier in another split.

    Records without a split are passed over.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="hi"),))
    >>> records = [replace(record, split="train"), replace(record, split="test")]
    >>> [found.reason for found in find_in(SplitLeakage(), records, CheckContext())]
    ['its prompt stands in train and in test']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each group and each prompt of a record that has a split."""
        rows = [
            (ordinal, record.id, str(record.split), shared, key)
            for ordinal, record in batch.placed()
            if record.split is not None
            for shared, key in _keys(record)
        ]
        columns = list(zip(*rows, strict=True)) or [()] * 5
        return pa.record_batch(
            {
                "ordinal": pa.array(columns[0], pa.int64()),
                "id": pa.array(columns[1], pa.string()),
                "split": pa.array(columns[2], pa.string()),
                "shared": pa.array(columns[3], pa.string()),
                "bucket": pa.array(columns[4], pa.uint64()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that shares its group or prompt with another split, with the first record there."""
        found: dict[int, CheckFinding] = {}
        for finding in _leaks(gathered):
            found.setdefault(finding.index or 0, finding)
        has_splits = any(True for _ in gathered.parts())
        return Conclusion(found.values(), reason="" if has_splits else "no record has a split")


def _leaks(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts(by="bucket"):
        first: dict[tuple[str, int], _First] = {}
        names = ("ordinal", "id", "split", "shared", "bucket")
        for ordinal, number, split, shared, key in zip(*(part.column(name).to_pylist() for name in names), strict=True):
            other = first.setdefault((shared, key), _First(number, split))
            if other.split != split:
                yield CheckFinding(
                    record_id=number,
                    reason=f"its {shared} stands in {other.split} and in {split}",
                    evidence={"shared": shared, "record": other.id, "splits": [other.split, split]},
                    index=ordinal,
                )


def _keys(record: Record) -> Iterator[tuple[str, int]]:
    if record.group is not None:
        yield "group", int(content_hash(["group", record.group])[:16], 16)
    yield "prompt", int(prompt_hash(record)[:16], 16)
