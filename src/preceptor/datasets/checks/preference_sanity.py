"""Preferences are about quality: not about length, place, flattery, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.pair_biases import PairCounts
from preceptor.datasets.pair_features import pair_features
from preceptor.datasets.preference_pairs import preference_pairs
from preceptor.datasets.record_field import field_reader
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix, Record
from preceptor.stats.intervals import wilson

SHOWN_FIRST = {"chosen": True, "rejected": False}
SCHEMA = pa.schema(
    [
        ("ordinal", pa.int64()),
        ("id", pa.string()),
        ("longer", pa.int8()),
        ("log_ratio", pa.float64()),
        ("likeness", pa.float64()),
        ("is_equal", pa.bool_()),
        ("chosen_agrees", pa.bool_()),
        ("rejected_agrees", pa.bool_()),
        ("chosen_first", pa.bool_()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class PreferenceSanity:
    """Objects to pairs whose answers say the same, and to the dataset when something else than quality tells who wins.

    Looked at are preference records and the best with the worst answer of rankings. About the
    dataset as a whole it says: the chosen answer is the longer one in a share of pairs that
    lies more than `max_length_bias` from one half; it was shown first in a share more than
    `max_position_bias` from it (the field `shown_first` says `chosen` or `rejected`); it opens
    with praise or agreement more often than the rejected one, by more than `max_sycophancy`
    (English phrases only); more than `max_near_identical` of pairs differ, but share
    `near_identical` of their words. Each must hold for the whole 95 % interval.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> pair = make_record("preference", (Message(role="user", content="2 + 2?"),), "It is 4.", "it is  4.")
    >>> [finding.reason for finding in find_in(PreferenceSanity(), [pair], CheckContext())]
    ['the chosen and the rejected answer say the same']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    max_length_bias: float = 0.15
    max_position_bias: float = 0.1
    max_sycophancy: float = 0.05
    near_identical: float = 0.9
    max_near_identical: float = 0.1
    shown_first: str = "metadata.shown_first"

    def __post_init__(self) -> None:
        for name in ("max_length_bias", "max_position_bias"):
            if not 0 <= getattr(self, name) <= 0.5:  # noqa: PLR2004 - as far as a share can lie from one half
                raise InputError(f"{name} is {getattr(self, name)!r}; give a number from 0 to 0.5")
        for name in ("max_sycophancy", "near_identical", "max_near_identical"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError(f"{name} is {getattr(self, name)!r}; give a number from 0 to 1")
        field_reader(self.shown_first)

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each record that has a pair."""
        rows = [row for ordinal, record in batch.placed() if (row := self._row(ordinal, record)) is not None]
        columns = zip(*rows, strict=True) if rows else [()] * len(SCHEMA)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        return pa.record_batch(arrays, schema=SCHEMA)

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """The pairs without a difference, and the biases of the whole."""
        counts = PairCounts()
        for part in gathered.parts():
            counts.add(part, self.near_identical)
        if counts.n == 0:
            return Conclusion((), reason="there are no pairs of answers")
        return Conclusion([*self._biases(counts), *_equal_pairs(gathered)], counts.figures())

    def _row(self, ordinal: int, record: Record) -> tuple[object, ...] | None:
        if record.kind == "preference" and (record.chosen is None or record.rejected is None):
            return None
        pairs = preference_pairs(record, "best_worst") if record.kind in {"preference", "ranking"} else ()
        if not pairs:
            return None
        first = SHOWN_FIRST.get(self._shown_first(record) or "")
        return (ordinal, record.id, *pair_features(pairs[0].chosen, pairs[0].rejected), first)

    @cached_property
    def _shown_first(self) -> Callable[[Record], str | None]:
        return field_reader(self.shown_first)

    def _biases(self, counts: PairCounts) -> Iterator[CheckFinding]:
        yield from _off_half(
            "the chosen answer is the longer one", counts.chosen_longer, counts.unequal, self.max_length_bias
        )
        yield from _off_half(
            "the chosen answer was shown first", counts.chosen_first, counts.placed, self.max_position_bias
        )
        ends = counts.agreement_interval()
        if ends.low > self.max_sycophancy:
            yield _about_all(
                f"chosen answers open with praise or agreement more often than rejected ones, by {ends.low:.1%}",
                {"chosen_only": counts.chosen_agrees, "rejected_only": counts.rejected_agrees, "n": counts.n},
            )
        if wilson(counts.near_identical, counts.n).low > self.max_near_identical:
            yield _about_all(
                f"in {counts.near_identical / counts.n:.1%} of pairs the answers differ in few words",
                share_figure(counts.near_identical, counts.n),
            )


def _off_half(claim: str, count: int, n: int, margin: float) -> Iterator[CheckFinding]:
    if n == 0:
        return
    ends = wilson(count, n)
    if ends.low > 0.5 + margin or ends.high < 0.5 - margin:
        text = f"{claim} in {count / n:.1%} of {n:,} pairs [{ends.low:.1%}, {ends.high:.1%}]"
        yield _about_all(f"{text}; without a bias it is one half", share_figure(count, n))


def _about_all(reason: str, evidence: JsonObject) -> CheckFinding:
    return CheckFinding(record_id="", reason=reason, evidence=evidence)


def _equal_pairs(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts():
        equal = part.filter(part.column("is_equal")).select(["ordinal", "id"])
        for row in equal.to_pylist():
            yield CheckFinding(
                record_id=row["id"], reason="the chosen and the rejected answer say the same", index=row["ordinal"]
            )
