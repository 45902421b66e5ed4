"""The answer's claims stand in the given context, by their words and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.rows import text_of
from preceptor.grading.claims import claims
from preceptor.grading.context import context_texts
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.support import DEFAULT_MIN_OVERLAP, support
from preceptor.grading.types import Sample, Score

MAX_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Groundedness:
    """The share of claims that the context supports.

    The context is the case's passages, or what stands at `context_path` in its metadata.
    A claim is supported when the context has all of its numbers and at least `min_overlap`
    of its content words, and denies nothing that the claim does not (`grading/support.py`):
    a proxy that costs nothing; `groundedness_judge` asks a model instead. Without claims, or
    without context, there is no score.

    >>> passages = {"refunds": "A refund takes 5 days and is free."}
    >>> answer = "Refunds take 5 days. The fee is $3."
    >>> Groundedness().grade(Sample(output=answer, passages=passages)).value
    0.5
    """

    version: ClassVar[int] = 1
    path: str = ""
    context_path: str = ""
    min_overlap: float = DEFAULT_MIN_OVERLAP
    max_characters: int = 50_000

    def __post_init__(self) -> None:
        if not 0 <= self.min_overlap <= 1:
            raise InputError(f"min_overlap is {self.min_overlap:g}; give a share from 0 to 1")

    def grade(self, sample: Sample) -> Score:
        """The share; the reason names each claim without support."""
        context = context_texts(sample, self.context_path)
        if not context:
            return Score(value=None, reason=f"there is no context at {self.context_path or 'passages'} to rest on")
        if len(sample.output) > self.max_characters:
            size = len(sample.output)
            return Score(value=None, reason=f"{size:,} characters, max_characters is {self.max_characters:,}")
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        stated = claims(text_of(part))
        if not stated:
            return Score(value=None, reason="the answer states nothing that needs support")
        found = [(claim, support(claim, context)) for claim in stated]
        wrong = [f"{shown(claim, 120)}: {why.why_not()}" for claim, why in found if not why.holds(self.min_overlap)]
        return Score(
            value=1 - len(wrong) / len(stated),
            reason="; ".join(wrong[:MAX_SHOWN]),
            details={"num_claims": len(stated), "num_unsupported": len(wrong), "unsupported": [*wrong[:MAX_SHOWN]]},
        )
