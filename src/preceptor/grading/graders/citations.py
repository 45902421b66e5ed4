"""Every claim cites a passage that exists and supports it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.grading.citation_score import CITATION_DIMENSIONS, CheckedClaim, citation_score
from preceptor.grading.cited_claims import CitationForm, CitedClaim, Numbering, Scope, cited_claims
from preceptor.grading.output_part import Unreadable
from preceptor.grading.support import DEFAULT_MIN_OVERLAP, support
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class Citations:
    """The share of claims that cite a passage, cite only passages that exist, and are supported by them.

    Claims are the sentences that state facts, found by a heuristic (`grading/claims.py`).
    They cite by marks, `[id]` or `(source: id)`, or by a list at `citations_path` that holds
    for all of them. A passage supports a claim when it has all of its numbers and at least
    `min_overlap` of its content words, and denies nothing that the claim does not: a proxy;
    `citations_judge` asks a model instead. Without claims, or without passages, there is no score.

    >>> passages = {"refunds": "A refund takes 5 days.", "shipping": "Shipping is free."}
    >>> score = Citations().grade(Sample(output="Refunds take 3 days [refunds].", passages=passages))
    >>> score.value, score.dimensions
    (0.0, {'has_citation': 1.0, 'exists': 1.0, 'supported': 0.0})
    """

    version: ClassVar[int] = 1
    dimension_names: ClassVar[tuple[str, ...]] = CITATION_DIMENSIONS
    path: str = ""
    citations_path: str = ""
    scope: Scope = "sentence"
    numbering: Numbering = "id"
    min_overlap: float = DEFAULT_MIN_OVERLAP
    max_characters: int = 50_000

    def __post_init__(self) -> None:
        if not 0 <= self.min_overlap <= 1:
            raise InputError(f"min_overlap is {self.min_overlap:g}; give a share from 0 to 1")

    def grade(self, sample: Sample) -> Score:
        """The share; the reason names each claim that falls short, and why."""
        if not sample.passages:
            return Score(value=None, reason="there are no passages to cite; name their folder in the suite")
        if len(sample.output) > self.max_characters:
            size = len(sample.output)
            return Score(value=None, reason=f"{size:,} characters, max_characters is {self.max_characters:,}")
        claims = cited_claims(sample, self._form)
        if isinstance(claims, Unreadable):
            return Score(value=0.0, reason=claims.reason)
        if not claims:
            return Score(value=None, reason="the answer states nothing that needs a citation")
        checked = [CheckedClaim(claim=claim, unsupported=self._unsupported(claim, sample)) for claim in claims]
        return citation_score(checked, sample.passages)

    def _unsupported(self, claim: CitedClaim, sample: Sample) -> str | None:
        texts = [sample.passages[name] for name in claim.known(sample.passages)]
        if not texts:
            return None
        found = support(claim.text, texts)
        return "" if found.holds(self.min_overlap) else found.why_not()

    @cached_property
    def _form(self) -> CitationForm:
        return CitationForm(
            path=self.path, citations_path=self.citations_path, scope=self.scope, numbering=self.numbering
        )
