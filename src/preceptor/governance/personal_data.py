"""Find personal data by its form, and put placeholders in its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from preceptor.governance.personal_data_pattern import PersonalDataPattern, personal_data_patterns


@dataclass(frozen=True, kw_only=True)
class PersonalDataFinding:
    """Personal data of one type, from `start` up to, not including, `end`."""

    type: str
    start: int
    end: int


class Redacted(NamedTuple):
    """A text with placeholders, and what they stand for; the offsets are those of the text before."""

    text: str
    findings: tuple[PersonalDataFinding, ...]


def find_personal_data(text: str) -> list[PersonalDataFinding]:
    """What stands in the text, in order, not overlapping.

    Found are e-mail addresses, telephone numbers, payment cards, IBANs, internet addresses,
    US Social Security numbers, credentials in URLs, keys and passwords. Names, postal addresses
    and dates of birth are not: they have no form of their own and need a model that reads.

    >>> find_personal_data("ada@example.org")
    [PersonalDataFinding(type='EMAIL', start=0, end=15)]
    """
    kept: list[PersonalDataFinding] = []
    for pattern in _patterns():
        new = [PersonalDataFinding(type=pattern.type, start=span.start, end=span.end) for span in pattern.find(text)]
        kept = sorted([*kept, *_free_of(kept, new)], key=_start)
    return kept


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
    _placeholders: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def redact(self, text: str) -> Redacted:
        """The text with placeholders."""
        findings = find_personal_data(text)
        pieces, after = [], 0
        for finding in findings:
            pieces += [text[after : finding.start], self._placeholder(finding.type, text[finding.start : finding.end])]
            after = finding.end
        self.num_redactions += len(findings)
        return Redacted("".join([*pieces, text[after:]]), tuple(findings))

    def _placeholder(self, kind: str, value: str) -> str:
        key = (kind, value)
        if key not in self._placeholders:
            self._counts[kind] += 1
            self._placeholders[key] = f"[{kind}_{self._counts[kind]}]"
        return self._placeholders[key]


@cache
def _patterns() -> tuple[PersonalDataPattern, ...]:
    made = (personal_data_patterns.create(name) for name in personal_data_patterns.names())
    return tuple(sorted(made, key=lambda pattern: pattern.precedence))


def _start(finding: PersonalDataFinding) -> int:
    return finding.start


def _free_of(kept: list[PersonalDataFinding], new: list[PersonalDataFinding]) -> list[PersonalDataFinding]:
    """Those of `new` that overlap none of `kept`; both are in order and free of overlaps."""
    free: list[PersonalDataFinding] = []
    at = 0
    for finding in new:
        while at < len(kept) and kept[at].end <= finding.start:
            at += 1
        if at == len(kept) or kept[at].start >= finding.end:
            free.append(finding)
    return free
