"""The claims of an answer, each with the sources that it cites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of
from preceptor.grading.claims import is_claim, sentences, without_marks
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample

Scope = Literal["sentence", "paragraph"]
Numbering = Literal["id", "order"]
MAX_CITED = 1_000

_BRACKETS = re.compile(r"\[([^\[\]\n]{1,200})\](?!\()|\(sources?:([^()\n]{1,200})\)")
_ID = re.compile(r"[\w][\w.:/#@-]*")
# What stands in the place of personal data that was taken out.
_PLACEHOLDER = re.compile(r"[A-Z]+(?:_[A-Z]+)*_\d+")


@dataclass(frozen=True, kw_only=True)
class CitedClaim:
    """One claim without its marks, and the ids that it cites, whether or not a passage has them."""

    text: str
    cited: tuple[str, ...]

    def known(self, passages: Mapping[str, str]) -> tuple[str, ...]:
        """The cited ids that a passage has."""
        return tuple(cited for cited in self.cited if cited in passages)

    def unknown(self, passages: Mapping[str, str]) -> tuple[str, ...]:
        """The cited ids that no passage has."""
        return tuple(cited for cited in self.cited if cited not in passages)


@dataclass(frozen=True, kw_only=True)
class CitationForm:
    """Where an answer's text stands, and how it cites.

    `path` leads to the text in the output's JSON; empty means all of it. With
    `citations_path` the ids stand in a list there and hold for every claim; without it they
    are marks in the text: `[id]`, `[id, id]` or `(source: id)`. `scope` says for which claims
    a mark holds: for its own sentence, or for all of its paragraph (its line). `numbering`
    says what `[2]` names: the passage with the id 2, or the second one.
    """

    path: str = ""
    citations_path: str = ""
    scope: Scope = "sentence"
    numbering: Numbering = "id"


def cited_claims(sample: Sample, form: CitationForm) -> list[CitedClaim] | Unreadable:
    """Every claim in order, and every other sentence that cites something.

    >>> sample = Sample(output="Refunds take 5 days [refunds]. Shipping costs $4.")
    >>> [(claim.text, claim.cited) for claim in cited_claims(sample, CitationForm())]
    [('Refunds take 5 days.', ('refunds',)), ('Shipping costs $4.', ())]
    """
    part = read_part(sample.output, form.path)
    if isinstance(part, Unreadable):
        return part
    text = text_of(part)
    if form.citations_path:
        listed = _listed(sample.output, form.citations_path)
        if isinstance(listed, Unreadable):
            return listed
        return [
            CitedClaim(text=without_marks(found.text), cited=listed)
            for found in sentences(text)
            if is_claim(found.text)
        ]
    return _marked(text, sample.passages, form)


def _marked(text: str, passages: Mapping[str, str], form: CitationForm) -> list[CitedClaim]:
    order = list(passages) if form.numbering == "order" else []
    found = [(sentence, _marks(sentence.text, passages, order)) for sentence in sentences(text)]
    by_paragraph: dict[int, dict[str, None]] = {}
    for sentence, marks in found:
        by_paragraph.setdefault(sentence.paragraph, {}).update(dict.fromkeys(marks))
    claims = []
    for sentence, marks in found:
        cited = tuple(by_paragraph[sentence.paragraph]) if form.scope == "paragraph" else marks
        if marks or is_claim(sentence.text):
            claims.append(CitedClaim(text=without_marks(sentence.text), cited=cited))
    return claims


def _marks(sentence: str, passages: Mapping[str, str], order: list[str]) -> tuple[str, ...]:
    ids: dict[str, None] = {}
    for bracket, source in _BRACKETS.findall(sentence):
        whole = (bracket or source).strip()
        for piece in [whole] if whole in passages else re.split(r"[,;]\s*", whole):
            name = _named(piece.strip().removeprefix("^"), order)
            # "[your name]" or "[EMAIL_1]" is no citation, unless a passage is called that.
            if name in passages or (_ID.fullmatch(name) and not _PLACEHOLDER.fullmatch(name)):
                ids[name] = None
    return tuple(ids)


def _named(mark: str, order: list[str]) -> str:
    is_place = mark.isascii() and mark.isdigit() and len(mark) < 5 and 0 < int(mark) <= len(order)  # noqa: PLR2004 - a count of passages
    return order[int(mark) - 1] if is_place else mark


def _listed(output: str, path: str) -> tuple[str, ...] | Unreadable:
    value: JsonValue | Unreadable = read_part(output, path)
    if isinstance(value, Unreadable):
        return value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value[:MAX_CITED]):
        return Unreadable(reason=f"{path} is {shown(value)}, not a list of ids")
    return tuple(dict.fromkeys(str(item) for item in value[:MAX_CITED]))
