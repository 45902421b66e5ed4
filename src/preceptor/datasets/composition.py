"""Count what a dataset is made of, batch by batch, in memory that does not grow with the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import pyarrow.compute as pc

from preceptor.core.rows import text_of
from preceptor.datasets.batch import TEXT_SEPARATOR, Batch, iter_batches
from preceptor.datasets.distinct import DistinctCount
from preceptor.datasets.types import Composition, Record

MAX_VALUES = 10_000
LONGEST_VALUE = 200
FIELDS = ("source", "licence", "language", "consent", "generator", "annotator", "media", "length")
_PLACE = attrgetter("kind", "split")
_TEXTS = {name: attrgetter(name) for name in ("source", "licence", "language", "consent", "generator")}


class CompositionCounter:
    """Counts records by their properties; `add` batches in any order, `merge` counters of parts.

    The same records give the same composition, however they were divided. `label_fields` names the fields of
    the metadata that hold labels. A field with more than 10,000 values is not counted on: a source
    names a collection, and what differs record by record belongs into `source_ids`.
    """

    def __init__(self, label_fields: Sequence[str] = ()) -> None:
        self.label_fields = tuple(sorted(set(label_fields)))
        self._splits: Counter[tuple[str, str]] = Counter()
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
        self._counts |= {f"metadata.{name}": Counter() for name in self.label_fields}
        self._too_many: set[str] = set()
        self._groups = DistinctCount()
        self._num_with_sources = 0
        self._num_characters = 0

    def add(self, batch: Batch) -> None:
        """Count the records of a batch; one without a split counts to `train`."""
        records = batch.records
        for (kind, split), count in Counter(map(_PLACE, records)).items():
            self._splits[kind, split or "train"] += count
        for name, counts in _counts(records).items():
            self._count(name, counts)
        for name in self.label_fields:
            labels = (record.metadata[name] for record in records if name in record.metadata)
            self._count(f"metadata.{name}", Counter(map(text_of, labels)))
        lengths = text_lengths(batch)
        self._count("length", _bands(lengths))
        self._num_characters += sum(lengths)
        self._num_with_sources += sum(bool(record.source_ids) for record in records)
        self._groups.add(record.group for record in records if record.group is not None)

    def merge(self, other: CompositionCounter) -> None:
        """Add what another counter has seen."""
        self._splits.update(other._splits)
        self._too_many |= other._too_many
        for name, counts in other._counts.items():
            self._count(name, counts)
        self._groups.merge(other._groups)
        self._num_with_sources += other._num_with_sources
        self._num_characters += other._num_characters

    def result(self) -> Composition:
        """The composition of all that was added."""
        splits: dict[str, dict[str, int]] = {}
        for (kind, split), count in sorted(self._splits.items()):
            splits.setdefault(kind, {})[split] = count
        return Composition(
            splits=splits,
            counts={name: _by_frequency(counts) for name, counts in self._counts.items()},
            too_many=tuple(sorted(self._too_many)),
            num_groups=self._groups.count,
            are_groups_estimated=self._groups.is_estimate,
            num_with_sources=self._num_with_sources,
            num_characters=self._num_characters,
        )

    def _count(self, name: str, counts: Counter[str]) -> None:
        mine = self._counts.setdefault(name, Counter())
        if name not in self._too_many:
            mine.update(counts)
            if len(mine) > MAX_VALUES:
                self._too_many.add(name)
        if name in self._too_many:
            mine.clear()


def composition(records: Iterable[Record], label_fields: Sequence[str] = ()) -> Composition:
    """The composition of some records, whatever their order."""
    counter = CompositionCounter(label_fields)
    for batch in iter_batches(records):
        counter.add(batch)
    return counter.result()


def text_lengths(batch: Batch) -> list[int]:
    """Characters of all texts of each record, without what joins them."""
    joined = pc.utf8_length(batch.texts)
    separators = pc.multiply(pc.count_substring(batch.texts, TEXT_SEPARATOR), len(TEXT_SEPARATOR))
    lengths: list[int] = pc.subtract(joined, separators).to_pylist()
    return lengths


def length_band(length: int) -> str:
    """The doubling that a length falls into; the names sort in order of length.

    >>> length_band(0), length_band(1), length_band(700), length_band(1024)
    ('00000000–00000000', '00000001–00000001', '00000512–00001023', '00001024–00002047')
    """
    low = 1 << (length.bit_length() - 1) if length else 0
    return f"{low:08d}–{max(2 * low - 1, 0):08d}"


def _counts(records: Sequence[Record]) -> dict[str, Counter[str]]:
    annotators = (record.annotators for record in records if record.annotators)
    media = (record.media for record in records if record.media)
    counts = {name: _shortened(Counter(map(get, records))) for name, get in _TEXTS.items()}
    counts["annotator"] = _shortened(Counter(name for names in annotators for name in names))
    return counts | {"media": Counter(one.kind for files in media for one in files)}


def _shortened(counts: Mapping[str | None, int]) -> Counter[str]:
    """By value, cut to what is listed: done for each value, not for each record."""
    shortened: Counter[str] = Counter()
    for value, count in counts.items():
        shortened[(value or "")[:LONGEST_VALUE]] += count
    return shortened


def _bands(lengths: Sequence[int]) -> Counter[str]:
    bands: Counter[str] = Counter()
    for bits, count in Counter(map(int.bit_length, lengths)).items():
        bands[length_band(1 << (bits - 1) if bits else 0)] += count
    return bands


def _by_frequency(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
