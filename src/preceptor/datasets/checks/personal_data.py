"""No record holds personal data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from preceptor.core.errors import InputError, NotFoundError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.personal_texts import iter_personal_texts, redacted_record
from preceptor.datasets.record_texts import FieldText
from preceptor.datasets.types import CheckFinding, Fix, Record
from preceptor.governance.layers import Found, Layers, make_layers
from preceptor.governance.ner_layer import missing_ner
from preceptor.governance.redaction import redaction_of

MAX_PLACES = 50


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Objects to a record in which an address, a number, a name or another identifier of a person is recognised.

    Keys and passwords count too. It reads what a model would learn, the rationale, the group and the
    metadata. The evidence gives type, field and character offsets, never the value: a finding must not
    spread what it warns of.

    `types` are those to look for, all usual ones without any; `allow` names types that may stay. `locales` are those
    whose numbers and words count, all without any. `ner` gives names and places to a model that reads (the extra
    `privacy`): "needed" the records in which the patterns found something or a name is announced, "all" every record,
    "off" none. The fix redacts the whole record: `style` "natural" puts values of the same form that are nobody's in
    place, "placeholder" `[EMAIL_1]` and the like; the same value gets the same one in all of the record, and a group
    becomes a hash.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="Write to ada@example.org"),))
    >>> (found,) = find_in(PersonalData(), [record], CheckContext())
    >>> "ada" in str(found)
    False
    >>> PersonalData(style="placeholder").mend(record, found).messages[0].content
    'Write to [EMAIL_1]'
    """

    version: ClassVar[int] = 2
    fix: ClassVar[Fix] = "mend"
    types: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    ner: Literal["off", "needed", "all"] = "off"
    style: Literal["natural", "placeholder"] = "natural"

    def __post_init__(self) -> None:
        if not self._missing_model:
            try:
                make_layers(self.types, self.locales, self.ner)
            except NotFoundError as error:
                raise InputError(str(error)) from error

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - records only
        """The extra, where the model is to read and is not installed."""
        return self._missing_model

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:  # noqa: ARG002 - records only
        """Every record with personal data."""
        fields = [list(iter_personal_texts(record)) for record in batch.records]
        found = self._layers.find_in([[text.text for text in texts] for texts in fields])
        for (index, record), texts, own in zip(batch.placed(), fields, found, strict=True):
            places = list(_places(texts, own))
            if places:
                types = sorted({str(place["type"]) for place in places})
                shown: list[JsonValue] = [*places[:MAX_PLACES]]
                yield CheckFinding(
                    record_id=record.id,
                    reason=f"holds personal data at {len(places)} places ({', '.join(types)})",
                    evidence={"num_places": len(places), "places": shown},
                    index=index,
                )

    def mend(self, record: Record, finding: CheckFinding) -> Record:  # noqa: ARG002 - all of the record is redacted
        """The record with a stand-in for each value in it; the same on every run."""
        texts = list(iter_personal_texts(record))
        (found,) = self._layers.find_in([[text.text for text in texts]])
        pairs = [(text.text, own) for text, own in zip(texts, found, strict=True)]
        spoken = [record.language] if record.language in self.locales else []
        redaction = redaction_of(
            self._layers, pairs, style=self.style, seed=record.id, locale_names=[*spoken, *self.locales]
        )
        return redacted_record(record, redaction)

    @property
    def _missing_model(self) -> str | None:
        return None if self.ner == "off" else missing_ner(self.locales)

    @property
    def _layers(self) -> Layers:
        return make_layers(self.types, self.locales, self.ner, frozenset(self.allow))


def _places(texts: Sequence[FieldText], found: Sequence[Found]) -> Iterator[JsonObject]:
    for text, own in zip(texts, found, strict=True):
        for one in own:
            yield {"type": one.type, "field": text.field, "start": one.start, "end": one.end, "layer": one.layer}
