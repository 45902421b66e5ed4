"""The output matches a regular expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.rows import text_of
from preceptor.grading.bounded_regex import bounded_pattern, bounded_search
from preceptor.grading.output_part import Unreadable, read_part, shown
from preceptor.grading.types import Sample, Score


@dataclass(frozen=True, kw_only=True)
class Regex:
    r"""1 when the pattern is found anywhere in the output; write `\A` and `\Z` for all of it.

    The text is written by a model, so the work is bounded: a text longer than `max_characters`
    gets no score, a pattern that repeats a repeat (`(a+)+`) is refused, and a search that is not
    done after a second is an error of the grader, not a score. `(?i)` at its start ignores case. With
    `is_wanted` false the pattern must not be found.

    >>> Regex(pattern=r"\bINV-\d{6}\b").grade(Sample(output="It is invoice INV-204518.")).value
    1.0
    """

    version: ClassVar[int] = 1
    pattern: str
    path: str = ""
    is_wanted: bool = True
    max_characters: int = 10_000

    def __post_init__(self) -> None:
        if self.max_characters < 1:
            raise InputError(f"max_characters is {self.max_characters}; give a number above 0")
        bounded_pattern(self.pattern)

    def grade(self, sample: Sample) -> Score:
        """1 or 0; None for a text longer than the limit."""
        part = read_part(sample.output, self.path)
        if isinstance(part, Unreadable):
            return Score(value=0.0, reason=part.reason)
        text = text_of(part)
        if len(text) > self.max_characters:
            return Score(value=None, reason=f"{len(text):,} characters, max_characters is {self.max_characters:,}")
        found = bounded_search(bounded_pattern(self.pattern), text)
        if bool(found) == self.is_wanted:
            return Score(value=1.0)
        return Score(value=0.0, reason=f"contains {shown(found.group())}" if found else "the pattern is not found")
