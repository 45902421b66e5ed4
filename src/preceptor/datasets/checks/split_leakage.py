"""Nothing that is learnt from stands in another split as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, cast, get_args

import numpy as np
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.leak_keys import LeakBy, prompt_keys, prompt_texts, text_key
from preceptor.datasets.record_field import field_reader
from preceptor.datasets.types import CheckFinding, Fix, Record, SplitName

SHARED = cast("tuple[LeakBy, ...]", get_args(LeakBy))
SPLITS = cast("tuple[str, ...]", get_args(SplitName))
SCHEMA = pa.schema(
    [
        ("ordinal", pa.int64()),
        ("id", pa.string()),
        ("split", pa.int8()),
        ("shared", pa.int8()),
        ("bucket", pa.uint64()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class SplitLeakage:
    """Objects to a record that shares something with an earlier record of another split.

    `by` says what must not be shared: `group`; `conversation` and `user`, fields that
    `conversation_field` and `user_field` name; `prompt`, normalised; `template`, a prompt of which
    `min_template_words` words are the same and only numbers and names differ. Records
    without a split are passed over; the earliest record of each group stays.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="hi"),))
    >>> records = [replace(record, split="train"), replace(record, split="test")]
    >>> [found.reason for found in find_in(SplitLeakage(), records, CheckContext())]
    ['its prompt stands in train and in test']
    """

    version: ClassVar[int] = 2
    fix: ClassVar[Fix] = "drop"
    by: tuple[LeakBy, ...] = ("group", "conversation", "user", "template", "prompt")
    conversation_field: str = "metadata.conversation"
    user_field: str = "metadata.user"
    min_template_words: int = 12

    def __post_init__(self) -> None:
        if not self.by or len(set(self.by)) < len(self.by):
            raise InputError(f"by is {self.by!r}; name at least one of {', '.join(SHARED)}, each once")
        if self.min_template_words < 1:
            raise InputError(f"min_template_words is {self.min_template_words!r}; give a whole number from 1")
        field_reader(self.conversation_field)
        field_reader(self.user_field)

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each thing that a record with a split may share."""
        has_split = pa.array([record.split is not None for record in batch.records], pa.bool_())
        records = [record for record in batch.records if record.split is not None]
        if not records:
            return pa.RecordBatch.from_pylist([], schema=SCHEMA)
        splits = pa.array([SPLITS.index(str(record.split)) for record in records], pa.int8())
        known = batch.table.select(["ordinal", "id"]).filter(has_split)
        keys = self._keys(records)
        rows = []
        for shared in self.by:
            place = pa.array(np.full(len(records), SHARED.index(shared), np.int8))
            found = pa.record_batch([*known.columns, splits, place, keys[shared]], schema=SCHEMA)
            rows.append(found if keys[shared].null_count == 0 else found.filter(keys[shared].is_valid()))
        return pa.concat_batches(rows)

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Every record that shares something with another split, with the first record there."""
        found: dict[int, CheckFinding] = {}
        counts = dict.fromkeys(self.by, 0)
        num_rows = 0
        for part in gathered.parts(by="bucket"):
            num_rows += part.num_rows
            for shared, finding in _leaks(part):
                counts[shared] += 1
                earlier = found.get(cast("int", finding.index))
                if earlier is None or _rank(finding) < _rank(earlier):
                    found[cast("int", finding.index)] = finding
        figures: JsonObject = {"leaking_records_by": {name: count for name, count in counts.items()}}  # noqa: C416 - a wider type
        return Conclusion(found.values(), figures, "" if num_rows else "no record has a split")

    @cached_property
    def _readers(self) -> dict[str, Callable[[Record], str | None]]:
        names = {"group": "group", "conversation": self.conversation_field, "user": self.user_field}
        return {shared: field_reader(name) for shared, name in names.items()}

    def _keys(self, records: list[Record]) -> dict[LeakBy, pa.UInt64Array]:
        """The keys of each thing by record, null for a record that has none."""
        found: dict[LeakBy, pa.UInt64Array] = {}
        if not {"prompt", "template"}.isdisjoint(self.by):
            prompts = prompt_keys(prompt_texts(records))
            found["prompt"] = pa.array(prompts.texts)
            found["template"] = pa.array(prompts.templates, mask=prompts.num_words < self.min_template_words)
        for shared in self.by:
            if shared not in found:
                values = map(self._readers[shared], records)
                keys = [
                    None if value is None else text_key(shared, value.encode("utf-8", "replace")) for value in values
                ]
                found[shared] = pa.array(keys, pa.uint64())
        return found


def _rank(finding: CheckFinding) -> int:
    return SHARED.index(cast("LeakBy", finding.evidence["shared"]))


def _leaks(part: pa.Table) -> Iterator[tuple[LeakBy, CheckFinding]]:
    """The rows whose split is not that of the first row that shares the same thing and key."""
    names = ("bucket", "shared", "split", "ordinal")
    keys, things, splits, ordinals = (part.column(name).to_numpy() for name in names)
    order = np.lexsort((ordinals, things, keys))
    is_other = (keys[order][1:] != keys[order][:-1]) | (things[order][1:] != things[order][:-1])
    is_first = np.append(True, is_other)
    firsts = order[np.flatnonzero(is_first)][np.cumsum(is_first) - 1]
    leaking = np.flatnonzero(splits[order] != splits[firsts])
    ids = part.column("id")
    for row, first in zip(order[leaking].tolist(), firsts[leaking].tolist(), strict=True):
        name, where = SHARED[things[row]], [SPLITS[splits[first]], SPLITS[splits[row]]]
        yield (
            name,
            CheckFinding(
                record_id=ids[row].as_py(),
                reason=f"its {name} stands in {where[0]} and in {where[1]}",
                evidence={"shared": name, "record": ids[first].as_py(), "splits": [*where]},
                index=int(ordinals[row]),
            ),
        )
