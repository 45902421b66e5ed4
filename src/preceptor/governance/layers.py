"""Search records by both layers: the patterns read everything, the model what the policy gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from preceptor.core.errors import InputError
from preceptor.governance.ner_layer import DEFAULT_NER_TYPES, NER_TYPES, NerLayer, NerUse, ner_layer
from preceptor.governance.personal_data import FirstLayer, PersonalDataFinding, first_layer, known_types

Found = list[PersonalDataFinding]


@dataclass(frozen=True, kw_only=True)
class Layers:
    """What to search with; make it by `make_layers`.

    With `use` "needed" the model reads the records in which the patterns found something, or a name is announced
    (`NerLayer.needs`); with "all" it reads every record. It never reads JSON: it was taught sentences. Types in
    `allow` are passed over.
    """

    first: FirstLayer
    ner: NerLayer | None = None
    use: NerUse = "off"
    allow: frozenset[str] = frozenset()

    def find_in(self, records: Sequence[Sequence[str]]) -> Iterator[list[Found]]:
        """For each record, given as its texts, what stands in each of them."""
        texts = [text for record in records for text in record]
        found = dict(self.first.find_in(texts))
        starts = accumulate(map(len, records), initial=0)
        for record, start in zip(records, starts, strict=False):
            own = [self._wanted(found.get(start + place, [])) for place in range(len(record))]
            if self.ner and (self.use == "all" or self.ner.needs(record, has_findings=any(own))):
                own = [
                    first if _is_json(text) else self._wanted(self.ner.add(text, first))
                    for text, first in zip(record, own, strict=True)
                ]
            yield own

    def find_first(self, text: str) -> Found:
        """What the patterns alone find in a text."""
        return self._wanted(self.first.find(text))

    def _wanted(self, found: Found) -> Found:
        return [one for one in found if one.type not in self.allow] if self.allow and found else found


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "["}


@cache
def make_layers(
    types: tuple[str, ...] = (),
    locale_names: tuple[str, ...] = (),
    use: NerUse = "off",
    allow: frozenset[str] = frozenset(),
) -> Layers:
    """The layers for these types (all default ones without any) and locales (all there are without any).

    Raises InputError for an unknown type, for a type of the second layer where that is off, and for a second layer
    that is not installed; NotFoundError for an unknown locale.
    """
    by_model = tuple(type_ for type_ in types if type_ in NER_TYPES)
    if by_model and use == "off":
        raise InputError(f"{by_model[0]} is found by the second layer only; turn it on (needed or all)")
    unknown = sorted({*types} - {*NER_TYPES} - {*known_types(locale_names)})
    if unknown:
        raise InputError(
            f"no layer finds {unknown[0]!r}; the types are {', '.join([*known_types(locale_names), *NER_TYPES])}"
        )
    by_pattern = tuple(type_ for type_ in types if type_ not in NER_TYPES)
    first = FirstLayer(()) if types and not by_pattern else first_layer(by_pattern, locale_names)
    reads = use != "off" and (by_model or not types)
    ner = ner_layer(locale_names, by_model or DEFAULT_NER_TYPES) if reads else None
    return Layers(first=first, ner=ner, use=use, allow=allow)
