"""Redact the texts of one record, each value by the same stand-in in all of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue, parse_json
from preceptor.governance.layers import Layers
from preceptor.governance.people import parts_of
from preceptor.governance.personal_data import PersonalDataFinding, free_of
from preceptor.governance.personal_data_locale import locales
from preceptor.governance.placeholders import Placeholders
from preceptor.governance.pseudonyms import Pseudonyms
from preceptor.governance.replacement import Replaced, replace_spans

LEAST_KNOWN = 4
Style = Literal["natural", "placeholder"]


class StandIns(Protocol):
    """What gives a stand-in for a value, always the same one."""

    def stand_in(self, kind: str, value: str) -> str:
        """What stands for this value of this type."""
        ...


@dataclass
class Redaction:
    """Redacts one record; make a new one for each, by `redaction_of`.

    `found` is what was found in each of its texts. `known` are the values with their types: those of four characters or
    more are replaced wherever they stand in the record, also where nothing near them gives them away.
    """

    layers: Layers
    stand_ins: StandIns
    found: Mapping[str, Sequence[PersonalDataFinding]]
    known: Mapping[str, str]
    counts: Counter[str] = field(default_factory=Counter)

    def text(self, text: str, key: str = "") -> Replaced:
        """The text with stand-ins; `key` is the name of its field, where that may say what it is."""
        found = self.find(text, key)
        values = [self.stand_ins.stand_in(one.type, text[one.start : one.end]) for one in found]
        self.counts.update(one.type for one in found)
        return replace_spans(text, found, values)

    def any_text(self, text: str) -> str:
        """The text with stand-ins; one that is JSON stays JSON."""
        return self.json_text(text) if text.lstrip()[:1] in {"{", "["} else self.text(text).text

    def json_text(self, text: str) -> str:
        """JSON that stays JSON, spelt as it was where it holds nothing; a text that is none is redacted as such."""
        try:
            value = parse_json(text)
        except InputError:
            return self.text(text).text
        before = self.counts.total()
        redacted = self.value(value)
        return json.dumps(redacted, ensure_ascii=False) if self.counts.total() > before else text

    def value(self, value: JsonValue, key: str = "") -> JsonValue:
        """The JSON value with stand-ins in its texts; a personal number becomes a text. `key` says what it is."""
        if isinstance(value, dict):
            return {name: self.value(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, key) for item in value]
        if isinstance(value, str):
            return self.text(value, key).text
        if isinstance(value, int) and not isinstance(value, bool):
            redacted = self.text(str(value), key)
            return redacted.text if redacted.moved else value
        return value

    def find(self, text: str, key: str = "") -> list[PersonalDataFinding]:
        """What stands in a text under a key: the key counts as a word before it."""
        said = f"{key.replace('_', ' ')}: " if key else ""
        is_known = not key and text in self.found
        found = self.found[text] if is_known else self.layers.find_first(said + text)
        own = [
            PersonalDataFinding(type=one.type, start=one.start - len(said), end=one.end - len(said), layer=one.layer)
            for one in found
            if one.start >= len(said)
        ]
        return sorted([*own, *free_of(own, self._known_in(text))], key=lambda one: one.start)

    def _known_in(self, text: str) -> list[PersonalDataFinding]:
        there = [value for value in self.known if len(value) >= LEAST_KNOWN and value in text]
        if not there:
            return []
        # The longest first: a name before a part of it.
        expression = "|".join(map(re.escape, sorted(there, key=len, reverse=True)))
        return [
            PersonalDataFinding(type=self.known[match.group()], start=match.start(), end=match.end())
            for match in re.finditer(rf"(?<!\w)(?:{expression})(?!\w)", text)
        ]


def redaction_of(
    layers: Layers,
    texts: Iterable[tuple[str, Sequence[PersonalDataFinding]]],
    *,
    style: Style,
    seed: str,
    locale_names: Sequence[str] = (),
) -> Redaction:
    """A redaction of the record whose texts, with what was found in each, are these.

    `seed` is the record's id: the same record gets the same stand-ins on every run. Names are those of
    the first of the locales.
    """
    by_text = dict(texts)
    known = {text[one.start : one.end]: one.type for text, found in by_text.items() for one in found}
    names = [value for value, kind in known.items() if kind == "PERSON"]
    parts = {part for name in names for part in parts_of(name)} - known.keys()
    known |= dict.fromkeys(parts, "PERSON")
    names += sorted(parts)
    if style == "placeholder":
        return Redaction(layers, Placeholders(names), by_text, known)
    return Redaction(layers, Pseudonyms(seed=seed, names=names, locales=locales(tuple(locale_names))), by_text, known)
