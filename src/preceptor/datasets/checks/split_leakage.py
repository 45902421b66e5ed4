"""Nothing that is learnt from stands in another split as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from preceptor.datasets.check import CheckContext
from preceptor.datasets.record_texts import prompt_hash
from preceptor.datasets.types import CheckFinding, Record


@dataclass(frozen=True, kw_only=True)
class SplitLeakage:
    """Objects to a record whose group, or whose normalised prompt, stands earlier in another split.

    Records without a split are passed over.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="hi"),))
    >>> records = [replace(record, split="train"), replace(record, split="test")]
    >>> [found.reason for found in SplitLeakage().find(records, CheckContext(eval_texts={}))]
    ['its prompt stands in train and in test']
    """

    version: ClassVar[int] = 1

    def missing(self, records: Sequence[Record], context: CheckContext) -> str | None:  # noqa: ARG002 - records only
        """The splits, when no record has one."""
        return None if any(record.split for record in records) else "no record has a split"

    def find(self, records: Sequence[Record], context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """Every record that shares its group or prompt with another split, with the first record there."""
        first: dict[tuple[str, str], Record] = {}
        for index, record in enumerate(records):
            if record.split is None:
                continue
            for shared, key in _keys(record):
                other = first.setdefault((shared, key), record)
                if other.split != record.split:
                    yield CheckFinding(
                        record_id=record.id,
                        reason=f"its {shared} stands in {other.split} and in {record.split}",
                        evidence={"shared": shared, "record": other.id, "splits": [other.split, record.split]},
                        index=index,
                    )
                    break


def _keys(record: Record) -> Iterator[tuple[str, str]]:
    if record.group is not None:
        yield "group", record.group
    yield "prompt", prompt_hash(record)
