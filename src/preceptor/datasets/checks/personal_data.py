"""No record holds personal data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.json_values import JsonValue
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.record_texts import FieldText, iter_texts
from preceptor.datasets.types import CheckFinding, Fix, Record
from preceptor.governance.personal_data import find_personal_data

MAX_PLACES = 50


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Objects to a record in which an address, a number or another identifier of a person is recognised.

    The evidence gives type, field and character offsets, never the value: a finding must not
    spread what it warns of. `allow` names types that may stay.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="Write to ada@example.org"),))
    >>> (found,) = find_in(PersonalData(), [record], CheckContext())
    >>> "ada" in str(found)
    False
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    allow: tuple[str, ...] = ()

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """Every record with personal data in a text, an answer or the rationale."""
        for index, record in batch.placed():
            places = [
                (found.type, text.field, found.start, found.end)
                for text in _texts(record)
                for found in find_personal_data(text.text)
                if found.type not in self.allow
            ]
            if places:
                types = sorted({place[0] for place in places})
                shown: list[JsonValue] = [
                    {"type": type_, "field": field, "start": start, "end": end}
                    for type_, field, start, end in places[:MAX_PLACES]
                ]
                yield CheckFinding(
                    record_id=record.id,
                    reason=f"holds personal data at {len(places)} places ({', '.join(types)})",
                    evidence={"num_places": len(places), "places": shown},
                    index=index,
                )


def _texts(record: Record) -> Iterator[FieldText]:
    yield from iter_texts(record)
    if record.rationale:
        yield FieldText("rationale", record.rationale)
