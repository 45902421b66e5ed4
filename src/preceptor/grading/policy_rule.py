"""One rule that answers must keep, and what breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from preceptor.core.errors import InputError
from preceptor.governance.personal_data import find_personal_data
from preceptor.grading.bounded_regex import bounded_search
from preceptor.grading.links import is_allowed, linked_hosts
from preceptor.grading.phrase import phrase_pattern

_ID = re.compile(r"[A-Za-z]\w{0,49}", re.ASCII)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, kw_only=True)
class PolicyRule:
    """What must or must not stand in an answer.

    It holds for every answer, or only where a phrase of `when` stands in the text named by
    `when_in`. Then one of `require` must stand in the answer and none of `forbid`; with
    `allowed_domains` it may link to these and what is below them only; with
    `forbid_personal_data` it may hold none but what a passage holds too (of all types, or of
    `personal_data_types`). Phrases ignore case; one that starts with `re:` is a regular expression.
    """

    id: str
    severity: Literal["P0", "P1", "P2", "P3"] = "P1"
    when: tuple[str, ...] = ()
    when_in: Literal["answer", "question", "either"] = "either"
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    allowed_domains: tuple[str, ...] | None = None
    forbid_personal_data: bool = False
    personal_data_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise InputError(f"id {self.id!r}: a rule's id is a letter, then up to 49 letters, digits or _")
        for phrase in (*self.when, *self.require, *self.forbid):
            phrase_pattern(phrase)
        wrong = [domain for domain in self.allowed_domains or () if not _DOMAIN.fullmatch(domain)]
        if wrong:
            raise InputError(f"rule {self.id!r}: {wrong[0]!r} is no domain; write it without scheme, path or star")
        if not (self.require or self.forbid or self.allowed_domains is not None or self.forbid_personal_data):
            raise InputError(f"rule {self.id!r} asks for nothing; give it require, forbid, allowed_domains, ...")

    def applies(self, answer: str, question: str) -> bool:
        """True where the rule's topic comes up."""
        if not self.when:
            return True
        texts = {"answer": [answer], "question": [question], "either": [answer, question]}[self.when_in]
        return any(_first(self.when, text) is not None for text in texts)

    def broken_by(self, answer: str, sources: Iterable[str]) -> str:
        """What breaks the rule, in words; empty where it holds. Personal data is named by its type, never quoted."""
        if self.require and _first(self.require, answer) is None:
            return f"lacks {' or '.join(map(repr, self.require[:5]))}"
        forbidden = _first(self.forbid, answer)
        if forbidden is not None:
            return f"says {forbidden[:80]!r}"
        if self.allowed_domains is not None:
            outside = [host for host in linked_hosts(answer) if not is_allowed(host, self.allowed_domains)]
            if outside:
                return f"links to {', '.join(host[:80] for host in outside[:5])}"
        types = self._personal_data(answer, sources) if self.forbid_personal_data else []
        return f"holds personal data: {', '.join(types)}" if types else ""

    def _personal_data(self, answer: str, sources: Iterable[str]) -> list[str]:
        found = [
            (finding.type, answer[finding.start : finding.end])
            for finding in find_personal_data(answer)
            if not self.personal_data_types or finding.type in self.personal_data_types
        ]
        # The company's own address stands in its help pages: that is nobody's secret.
        texts = list(sources) if found else []
        return sorted({kind for kind, value in found if not any(value in text for text in texts)})


def _first(phrases: Iterable[str], text: str) -> str | None:
    for phrase in phrases:
        found = bounded_search(phrase_pattern(phrase), text)
        if found is not None:
            return found.group()
    return None
