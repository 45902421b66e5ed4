"""Each record says where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, cast

import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix, Record

FIELDS = ("source", "licence", "consent", "language", "annotators", "source_ids", "created_at", "group")


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Objects to a record that lacks one of the `required` fields.

    They can be source, licence, consent, language, annotators, source_ids, created_at and group. A
    synthetic record must also carry the hash of what its generator was asked, with `generator_prompt`.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="hi"),))
    >>> [finding.reason for finding in find_in(Provenance(), [record], CheckContext())]
    ['does not say its source, licence']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    required: tuple[str, ...] = ("source", "licence")
    generator_prompt: bool = True

    def __post_init__(self) -> None:
        unknown = [name for name in self.required if name not in FIELDS]
        if unknown:
            raise InputError(f"required names {unknown[0]!r}; it can hold {', '.join(FIELDS)}")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each record that lacks something, with the names of what it lacks."""
        rows = [
            (ordinal, record.id, lacking)
            for ordinal, record in batch.placed()
            if (lacking := list(self._lacking(record)))
        ]
        ordinals, ids, lacks = zip(*rows, strict=True) if rows else ((), (), ())
        return pa.record_batch(
            {
                "ordinal": pa.array(ordinals, pa.int64()),
                "id": pa.array(ids, pa.string()),
                "lacking": pa.array(lacks, pa.list_(pa.string())),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Those records, and the share that lacks each field."""
        counts: Counter[str] = Counter()
        for part in gathered.parts():
            counts.update(cast("list[str]", part.column("lacking").combine_chunks().flatten().to_pylist()))
        names = [*self.required, *(["generator_prompt"] if self.generator_prompt else [])]
        lacking: JsonObject = {name: share_figure(counts[name], gathered.num_records) for name in names}
        return Conclusion(_findings(gathered), {"lacking": lacking})

    def _lacking(self, record: Record) -> Iterator[str]:
        for name in self.required:
            value = getattr(record, name)
            if not value or (isinstance(value, str) and not value.strip()):
                yield name
        if self.generator_prompt and record.generator is not None and not record.generator_prompt:
            yield "generator_prompt"


def _findings(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts():
        for row in part.to_pylist():
            yield CheckFinding(
                record_id=row["id"],
                reason=f"does not say its {', '.join(name.replace('_', ' ') for name in row['lacking'])}",
                evidence={"lacking": row["lacking"]},
                index=row["ordinal"],
            )
