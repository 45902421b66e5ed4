"""What a dataset is made of: counts by split, licence, language, source and maker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preceptor.datasets.types import Record


@dataclass(frozen=True, kw_only=True)
class Composition:
    """Number of records by each property, most frequent first; an empty name means not stated.

    `splits` are by kind and split. `annotators` counts the records each person worked on.
    """

    splits: dict[tuple[str, str], int]
    licences: dict[str, int]
    languages: dict[str, int]
    sources: dict[str, int]
    generators: dict[str, int]
    annotators: dict[str, int]
    num_groups: int
    num_with_sources: int


def composition(records: Sequence[Record]) -> Composition:
    """The composition of some records, whatever their order."""
    return Composition(
        splits=dict(sorted(Counter((record.kind, record.split or "train") for record in records).items())),
        licences=_counts(record.licence for record in records),
        languages=_counts(record.language for record in records),
        sources=_counts(record.source for record in records),
        generators=_counts(record.generator or "" for record in records),
        annotators=_counts(name for record in records for name in record.annotators),
        num_groups=len({record.group for record in records if record.group is not None}),
        num_with_sources=sum(bool(record.source_ids) for record in records),
    )


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))
