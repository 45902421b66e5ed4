"""How much of an eval case stands in a record, compared word for word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from preceptor.datasets.normal_text import words
from preceptor.datasets.text_words import PART_END, Span, TextWords
from preceptor.datasets.word_spans import word_spans


class Overlap(NamedTuple):
    """How much of an eval case stands in a record, a run of words that shows it, and where all of them stand."""

    case_id: str
    containment: float
    quote: str
    spans: tuple[Span, ...]


class Stretch(NamedTuple):
    """`num_runs` runs that follow each other from a word of the record (`place`) and of the case (`start`)."""

    place: int
    start: int
    num_runs: int


class CaseRuns(NamedTuple):
    """A case's words, how many words a run has, and how many runs of its own the case has."""

    case_id: str
    words: Sequence[str]
    num_words: int
    num_runs: int


def run_overlap(record: TextWords, case: CaseRuns, stretches: Iterable[Stretch]) -> Overlap | None:
    """The share of the case's runs that stand in the record; None when none does.

    A stretch whose words differ (two runs of equal hash) counts for nothing.
    """
    shared: set[int] = set()
    spans: list[Span] = []
    for stretch in stretches:
        num_more = stretch.num_runs + case.num_words - 2
        last = stretch.place + num_more
        if record.words(stretch.place, last) == case.words[stretch.start : stretch.start + num_more + 1]:
            shared.update(range(stretch.start, stretch.start + stretch.num_runs))
            spans.append(record.span(stretch.place, last))
    if not shared:
        return None
    quoted = min(shared)
    quote = " ".join(case.words[quoted : quoted + case.num_words])
    return Overlap(case.case_id, len(shared) / case.num_runs, quote, _joined(spans))


def whole_overlap(text: str, case: CaseRuns) -> Overlap | None:
    """Containment 1 when a part of the text has exactly the words of the case; None otherwise."""
    spans: list[Span] = []
    start = 0
    for part in text.split(PART_END):
        if words(part) == case.words and case.words:
            found = word_spans(part)
            spans.append(Span(start + found.starts[0], start + found.ends[-1]))
        start += len(part) + len(PART_END)
    return Overlap(case.case_id, 1.0, " ".join(case.words[: case.num_words]), tuple(spans)) if spans else None


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
