"""Each record is a conversation that a trainer can use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, cast, get_args

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.normal_text import normalise
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.types import CheckFinding, Fix, Record
from preceptor.models.types import Message, Role

ROLES = frozenset(cast("tuple[str, ...]", get_args(Role)))
MAY_FOLLOW = {
    "": {"user"},
    "user": {"assistant"},
    "assistant": {"user", "tool"},
    "tool": {"assistant", "tool"},
}


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Objects to unknown roles, turns that do not alternate, empty or too long texts, and pairs that are equal.

    An optional system turn, then user and assistant in turn, tool results after an assistant; the
    last turn is the assistant's in an `sft` record, and is not in the prompt of a `preference`
    record. One lone assistant turn is a plain text and is allowed.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> record = make_record("sft", (Message(role="user", content="hi"),))
    >>> [finding.reason for finding in find_in(Schema(), [record], CheckContext())]
    ['the last turn is the user’s, so there is no answer to learn']
    """

    version: ClassVar[int] = 1
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
        for index, record in batch.placed():
            faults = [*self._length_faults(record), *_turn_faults(record), *_answer_faults(record)]
            if faults:
                yield CheckFinding(
                    record_id=record.id, reason="; ".join(faults), evidence={"num_faults": len(faults)}, index=index
                )

    def _length_faults(self, record: Record) -> Iterator[str]:
        if len(record.messages) > self.max_messages:
            yield f"{len(record.messages):,} messages, at most {self.max_messages:,} are allowed"
        length = sum(len(text) for _, text in iter_texts(record))
        if length > self.max_characters:
            yield f"{length:,} characters, at most {self.max_characters:,} are allowed"


def _turn_faults(record: Record) -> Iterator[str]:
    if not record.messages:
        yield "there are no messages"
        return
    for place, message in enumerate(record.messages):
        if not message.content.strip() and not message.tool_calls:
            yield f"messages[{place}] is empty"
    if record.kind == "sft" and [message.role for message in record.messages] == ["assistant"]:
        return
    yield from _order_faults(record.messages)


def _order_faults(messages: tuple[Message, ...]) -> Iterator[str]:
    before = ""
    for place, message in enumerate(messages):
        role: str = message.role
        if role not in ROLES:
            yield f"messages[{place}] has the unknown role {role[:40]!r}"
            return
        if role == "system":
            if place > 0:
                yield f"messages[{place}] is a system turn that is not the first"
                return
            continue
        if role not in MAY_FOLLOW[before]:
            where = f"follows a turn of the {before}" if before else "opens the conversation"
            yield f"messages[{place}], of the {role}, {where}"
            return
        before = role


def _answer_faults(record: Record) -> Iterator[str]:
    last: str = record.messages[-1].role if record.messages else ""
    if record.kind == "sft":
        if last and last != "assistant":
            yield f"the last turn is the {last}’s, so there is no answer to learn"
        if record.chosen is not None or record.rejected is not None:
            yield "an sft record has no chosen and rejected answers"
        return
    if last == "assistant":
        yield "the prompt ends with an answer already"
    for name, answer in (("chosen", record.chosen), ("rejected", record.rejected)):
        if answer is None or not answer.strip():
            yield f"the {name} answer is empty"
    if record.chosen and record.rejected and normalise(record.chosen) == normalise(record.rejected):
        yield "the chosen and the rejected answer say the same"
