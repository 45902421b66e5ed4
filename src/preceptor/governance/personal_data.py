"""Find personal data by its form, and put placeholders in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Literal, NamedTuple

from preceptor.core.errors import InputError
from preceptor.governance.pattern_scan import PatternScan, spans_in_windows
from preceptor.governance.personal_data_locale import locales, personal_data_locales
from preceptor.governance.personal_data_pattern import PersonalDataPattern, personal_data_patterns
from preceptor.governance.placeholders import Placeholders
from preceptor.governance.replacement import replace_spans

Layer = Literal["patterns", "ner"]


@dataclass(frozen=True, kw_only=True)
class PersonalDataFinding:
    """Personal data of one type, from `start` up to, not including, `end`; `layer` found it."""

    type: str
    start: int
    end: int
    layer: Layer = "patterns"


class Redacted(NamedTuple):
    """A text with placeholders, and what they stand for; the offsets are those of the text before."""

    text: str
    findings: tuple[PersonalDataFinding, ...]


class FirstLayer:
    """The patterns of some types and locales, compiled; make it by `first_layer`."""

    def __init__(self, patterns: Iterable[PersonalDataPattern]) -> None:
        self.scan = PatternScan(tuple(sorted(patterns, key=lambda pattern: pattern.precedence)))

    def find(self, text: str) -> list[PersonalDataFinding]:
        """What stands in the text, in order, not overlapping."""
        return next((found for _, found in self.find_in([text])), [])

    def find_in(self, texts: Sequence[str]) -> Iterator[tuple[int, list[PersonalDataFinding]]]:
        """What stands in those of the texts that hold something, by their place, in order.

        All are scanned at once: give many short texts in one call.
        """
        for place, candidates in self.scan.candidates(texts):
            kept: list[PersonalDataFinding] = []
            for number, windows in candidates:
                pattern = self.scan.patterns[number]
                new = [
                    PersonalDataFinding(type=pattern.type, start=start, end=end)
                    for start, end in spans_in_windows(pattern, texts[place], windows)
                ]
                if new:
                    kept = sorted([*kept, *free_of(kept, new)], key=_start) if kept else new
            if kept:
                yield place, kept


@cache
def first_layer(types: tuple[str, ...] = (), locale_names: tuple[str, ...] = ()) -> FirstLayer:
    """The patterns of these types, or of all default ones, in these locales, or in all there are.

    Raises InputError for a type that no pattern finds, NotFoundError for an unknown locale.
    """
    patterns = _all_patterns(locale_names)
    unknown = set(types) - {pattern.type for pattern in patterns}
    if unknown:
        known = ", ".join(sorted({pattern.type for pattern in patterns}))
        raise InputError(f"no pattern finds {min(unknown)!r}; the types are {known}")
    return FirstLayer(pattern for pattern in patterns if (pattern.type in types if types else pattern.is_default))


def known_types(locale_names: tuple[str, ...] = ()) -> list[str]:
    """Every type that the patterns can find in these locales, sorted."""
    return sorted({pattern.type for pattern in _all_patterns(locale_names)})


def find_personal_data(text: str) -> list[PersonalDataFinding]:
    """What stands in the text, in order, not overlapping.

    Found is what has a form of its own (e-mail addresses, telephone numbers, payment cards, IBANs, national
    numbers, internet addresses, keys and passwords), or a word before it that says what it is (dates of birth, postal
    codes, numbers of passports and patients). Names and places have neither: they need the second
    layer, a model that reads.

    >>> find_personal_data("ada@example.org")
    [PersonalDataFinding(type='EMAIL', start=0, end=15, layer='patterns')]
    """
    return first_layer().find(text)


def redact(text: str) -> Redacted:
    """The text with a placeholder for each finding; the same value gets the same one.

    >>> redact("ada@example.org wrote to bob@example.org and ada@example.org").text
    '[EMAIL_1] wrote to [EMAIL_2] and [EMAIL_1]'
    """
    return RecordRedactor().redact(text)


@dataclass
class RecordRedactor:
    """Redacts the texts of one record: the same value gets the same placeholder in all of them.

    Make a new one for each record, so that placeholders do not tie records together.
    """

    num_redactions: int = 0
    _placeholders: Placeholders = field(default_factory=Placeholders)

    def redact(self, text: str) -> Redacted:
        """The text with placeholders."""
        findings = find_personal_data(text)
        self.num_redactions += len(findings)
        values = [self._placeholders.stand_in(one.type, text[one.start : one.end]) for one in findings]
        return Redacted(replace_spans(text, findings, values).text, tuple(findings))


@cache
def _all_patterns(locale_names: tuple[str, ...]) -> tuple[PersonalDataPattern, ...]:
    made: list[PersonalDataPattern] = []
    for name in personal_data_patterns.names():
        pattern = personal_data_patterns.get(name)
        has_locales = "locales" in {one.name for one in fields(pattern)}  # type: ignore[arg-type]  # a plugin is a dataclass
        # Settings come as they would from a file, where there are lists only.
        settings = {"locales": list(locale_names or personal_data_locales.names())} if has_locales else {}
        made.append(personal_data_patterns.create(name, settings))
    return (*made, *(pattern for locale in locales(locale_names) for pattern in locale.patterns))


def _start(finding: PersonalDataFinding) -> int:
    return finding.start


def free_of(kept: Sequence[PersonalDataFinding], new: Iterable[PersonalDataFinding]) -> list[PersonalDataFinding]:
    """Those of `new` that overlap none of `kept`; both are in order and free of overlaps."""
    free: list[PersonalDataFinding] = []
    at = 0
    for finding in new:
        while at < len(kept) and kept[at].end <= finding.start:
            at += 1
        if at == len(kept) or kept[at].start >= finding.end:
            free.append(finding)
    return free
