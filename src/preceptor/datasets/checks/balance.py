"""The dataset is spread over classes, intents and sources as before, as in production, and as asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.distribution_shift import shift
from preceptor.datasets.record_field import field_reader
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.total_variation import total_variation, total_variation_floor
from preceptor.datasets.types import CheckFinding, Fix, Record
from preceptor.stats.multiplicity import holm

DEFAULT_FIELDS = ("kind", "source", "language", "metadata.intent")
MAX_VALUES = 10_000
MAX_VALUE_CHARACTERS = 200
MAX_SHOWN = 30
OTHERS = "(other values)"


class _Drift(NamedTuple):
    field: str
    against: str
    counts: Mapping[str, int]
    reference: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Objects to the dataset when a field is spread otherwise than before or than in production, or a value is rare.

    `fields` are properties of records (kind, source, language, licence, split, generator) or
    `metadata.NAME`; records without the field are counted apart. Drift is the total variation,
    the share of records that would have to change their value; it is reported where it exceeds `max_drift`
    for certain (the 95 % bound from below does), and tested by chi-square, adjusted over all fields
    (Holm). A value of the field that fewer than `min_share` of the records have is reported, also one that
    the version before or production has and this one lost. Nothing is dropped: sample more, or by weights.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = replace(make_record("sft", (Message(role="assistant", content="hi"),)), source="forum")
    >>> context = CheckContext(before={"source": {"forum": 100, "production": 900}})
    >>> [finding.reason for finding in find_in(Balance(), [record] * 100, context)]
    ['source differs from the version before in 90.0% of records, in at least 70.5% for certain; most in forum']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "none"
    fields: tuple[str, ...] = DEFAULT_FIELDS
    max_drift: float = 0.1
    min_share: float = 0.0

    def __post_init__(self) -> None:
        if not self.fields or len(set(self.fields)) < len(self.fields):
            raise InputError(f"fields is {self.fields!r}; name at least one field, each once")
        if not 0 <= self.max_drift <= 1 or not 0 <= self.min_share < 1:
            raise InputError(f"max_drift {self.max_drift!r} and min_share {self.min_share!r} must be shares")
        _readers(self.fields)

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - says what it compared with
        """None: without something to compare with it still counts."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """Each record's value of each field."""
        columns: dict[str, pa.Array] = {"ordinal": batch.table.column("ordinal")}
        for name, read in zip(self.fields, self._read, strict=True):
            values = [read(record) for record in batch.records]
            columns[name] = pc.utf8_slice_codeunits(pa.array(values, pa.string()), 0, MAX_VALUE_CHARACTERS)
        return pa.record_batch(columns)

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:
        """What differs and what is rare, and the counts of each field."""
        if gathered.num_records == 0:
            return Conclusion((), reason="there are no records")
        counts = {name: _counts(gathered, name) for name in self.fields}
        compared = [
            _Drift(name, against, _without_nothing(counts[name]), _stated(reference[name]))
            for against, reference in (("the version before", context.before), ("production", context.production))
            for name in self.fields
            if reference is not None and name in reference
        ]
        drifts = [drift for drift in compared if drift.counts and sum(drift.reference.values())]
        figures: JsonObject = {
            "fields": {name: _field_figures(counts[name]) for name in self.fields},
            "drift": _drift_figures(drifts),
            "compared_with": [
                *(["the version before"] if context.before else []),
                *(["production"] if context.production else []),
            ],
        }
        return Conclusion([*self._drifted(drifts), *self._rare(counts, drifts)], figures)

    @cached_property
    def _read(self) -> list[Callable[[Record], str | None]]:
        return _readers(self.fields)

    def _drifted(self, drifts: list[_Drift]) -> Iterator[CheckFinding]:
        for drift in drifts:
            floor = total_variation_floor(drift.counts, drift.reference)
            if floor <= self.max_drift:
                continue
            distance = total_variation(drift.counts, drift.reference)
            most = shift(drift.field, drift.reference, drift.counts).shares
            yield CheckFinding(
                record_id="",
                reason=f"{drift.field} differs from {drift.against} in {distance:.1%} of records, "
                f"in at least {floor:.1%} for certain; most in {most[0].value}",
                evidence={"field": drift.field, "against": drift.against, "total_variation": round(distance, 4)},
            )

    def _rare(self, counts: Mapping[str, Counter[str | None]], drifts: list[_Drift]) -> Iterator[CheckFinding]:
        if self.min_share == 0:
            return
        for name, found in counts.items():
            n = sum(count for value, count in found.items() if value is not None)
            known = {value for value in found if value is not None}
            for drift in drifts:
                size = sum(drift.reference.values())
                known |= {
                    value
                    for value, count in drift.reference.items()
                    if drift.field == name and count >= self.min_share * size
                }
            for value in sorted(known - {OTHERS}):
                if n and found[value] < self.min_share * n:
                    yield CheckFinding(
                        record_id="",
                        reason=f"{found[value]:,} of {n:,} records have {name} {value!r}, under {self.min_share:.1%}",
                        evidence={"field": name, "value": value, **share_figure(found[value], n)},
                    )


def _readers(fields: tuple[str, ...]) -> list[Callable[[Record], str | None]]:
    return [field_reader(name) for name in fields]


def _counts(gathered: Gathered, name: str) -> Counter[str | None]:
    """How many records have each value; beyond 10,000 different ones, in order of the records, all others as one."""
    counts: Counter[str | None] = Counter()
    for part in gathered.parts():
        for row in pc.value_counts(part.column(name)).to_pylist():
            is_kept = row["values"] in counts or len(counts) < MAX_VALUES
            counts[row["values"] if is_kept else OTHERS] += row["counts"]
    return counts


def _without_nothing(counts: Counter[str | None]) -> dict[str, int]:
    return {value: count for value, count in counts.items() if value is not None}


def _stated(reference: Mapping[str, int]) -> dict[str, int]:
    """Without the records that do not say it, which are counted under an empty value."""
    return {value: count for value, count in reference.items() if value}


def _field_figures(counts: Counter[str | None]) -> JsonObject:
    stated = _without_nothing(counts)
    n = sum(stated.values())
    most = sorted(stated.items(), key=lambda item: (-item[1], item[0]))[:MAX_SHOWN]
    return {
        "num_values": len(stated),
        "num_missing": counts[None],
        "values": {value: share_figure(count, n) for value, count in most},
    }


def _drift_figures(drifts: list[_Drift]) -> list[JsonValue]:
    shifts = [shift(drift.field, drift.reference, drift.counts) for drift in drifts]
    tested = [found.p_value for found in shifts if found.p_value is not None]
    adjusted = iter(holm(tested))
    return [
        {
            "field": drift.field,
            "against": drift.against,
            "total_variation": round(total_variation(drift.counts, drift.reference), 4),
            "at_least": round(total_variation_floor(drift.counts, drift.reference), 4),
            "jensen_shannon_bits": None if found.divergence is None else round(found.divergence, 4),
            "p_value": None if found.p_value is None else next(adjusted),
            "n": [sum(drift.counts.values()), sum(drift.reference.values())],
        }
        for drift, found in zip(drifts, shifts, strict=True)
    ]
