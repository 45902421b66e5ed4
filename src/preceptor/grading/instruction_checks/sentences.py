"""The text has so many sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.grading.counted_check import CountedCheck
from preceptor.grading.sentence_ends import num_sentences


@dataclass(frozen=True, kw_only=True)
class Sentences(CountedCheck):
    """The number of sentences is within bounds.

    A sentence ends at `.`, `!` or `?` before white space; not after a common English
    abbreviation or an initial. Text after the last end counts as one.

    >>> Sentences(at_least=3).problem("Dr. Lee called. It went well!")
    '2 sentences, at least 3 wanted'
    """

    version: ClassVar[int] = 1
    unit: ClassVar[str] = "sentences"

    def count(self, text: str) -> int:
        """How many sentences."""
        return num_sentences(text)
