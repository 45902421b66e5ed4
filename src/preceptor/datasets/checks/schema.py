"""Each record is a conversation that a trainer can use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, cast

import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.record_faults import record_faults
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.types import CheckFinding, Fix, Record

MAX_FAULTS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Objects to unknown roles, turns that do not alternate, empty or too long texts, and labels that teach nothing.

    An optional system turn, then user and assistant in turn, tool results after an assistant; the
    last turn is the assistant's in an `sft` record, and is not in the prompt of the kinds that
    have answers of their own. One lone assistant turn is a plain text and is allowed. Answers must
    differ where one is preferred, ranks must too, a score must be a number, a step be judged, a
    span and a file lie inside the text, and no field of another kind be filled.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="user", content="hi"),))
    >>> [finding.reason for finding in find_in(Schema(), [record], CheckContext())]
    ['the last turn is the user’s, so there is no answer to learn']
    """

    version: ClassVar[int] = 2
    fix: ClassVar[Fix] = "drop"
    max_messages: int = 200
    max_characters: int = 100_000

    def __post_init__(self) -> None:
        if self.max_messages < 1 or self.max_characters < 1:
            raise InputError("max_messages and max_characters must be at least 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """The records with at least one fault; all faults of a record stand in one finding."""
        # The joined text also holds separators: only a record that is long with them is measured without.
        lengths = cast("list[int]", pc.utf8_length(batch.texts).to_pylist())
        for (index, record), length in zip(batch.placed(), lengths, strict=True):
            faults = [*self._length_faults(record, length), *record_faults(record)]
            if faults:
                more = [f"and {len(faults) - MAX_FAULTS_SHOWN} more"] if len(faults) > MAX_FAULTS_SHOWN else []
                yield CheckFinding(
                    record_id=record.id,
                    reason="; ".join([*faults[:MAX_FAULTS_SHOWN], *more]),
                    evidence={"num_faults": len(faults)},
                    index=index,
                )

    def _length_faults(self, record: Record, joined_length: int) -> Iterator[str]:
        if len(record.messages) > self.max_messages:
            yield f"{len(record.messages):,} messages, at most {self.max_messages:,} are allowed"
        if joined_length <= self.max_characters:
            return
        length = sum(len(text) for _, text in iter_texts(record))
        if length > self.max_characters:
            yield f"{length:,} characters, at most {self.max_characters:,} are allowed"
