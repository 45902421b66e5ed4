"""No record says the same as an earlier one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.ids import canonical_json, plain
from preceptor.datasets.check import CheckContext
from preceptor.datasets.normal_text import normalise
from preceptor.datasets.types import CheckFinding, Record


@dataclass(frozen=True, kw_only=True)
class ExactDuplicate:
    """Objects to each copy of an earlier record; capitals, white space and Unicode forms make no difference.

    The first is kept; the evidence names it.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> first, copy = (make_record("sft", (Message(role="assistant", content=text),)) for text in ("Hi  you", "hi you"))
    >>> [found.record_id == copy.id for found in ExactDuplicate().find([first, copy], CheckContext(eval_texts={}))]
    [True]
    """

    version: ClassVar[int] = 1

    def missing(self, records: Sequence[Record], context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def find(self, records: Sequence[Record], context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """Every record that stands again, with the record that is kept."""
        kept: dict[bytes, int] = {}
        for index, record in enumerate(records):
            first = kept.setdefault(_key(record), index)
            if first != index:
                yield CheckFinding(
                    record_id=record.id,
                    reason=f"says the same as {records[first].id}, which is kept",
                    evidence={"kept": records[first].id, "kept_index": first},
                    index=index,
                )


def _key(record: Record) -> bytes:
    turns = [
        [message.role, normalise(message.content), plain(message.tool_calls), message.tool_call_id]
        for message in record.messages
    ]
    answers = [None if text is None else normalise(text) for text in (record.chosen, record.rejected)]
    return hashlib.sha256(canonical_json([record.kind, turns, answers])).digest()
