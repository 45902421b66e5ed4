"""From characters of a record's joined text to characters of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from preceptor.datasets.batch import TEXT_SEPARATOR
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.text_words import Span
from preceptor.datasets.types import Record


class FieldSpan(NamedTuple):
    """Characters of one field, such as `messages[0].content`, from `start` up to, not including, `end`."""

    field: str
    start: int
    end: int


def field_spans(record: Record, spans: Iterable[Span]) -> Iterator[FieldSpan]:
    """Each span of the record's joined text as a span of the field in which it begins; spans come in order.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="user", content="hi"), Message(role="assistant", content="hello")))
    >>> list(field_spans(record, [Span(5, 10)]))
    [FieldSpan(field='messages[1].content', start=0, end=5)]
    """
    starts: list[tuple[int, str]] = []
    start = 0
    for field, text in iter_texts(record):
        starts.append((start, field))
        start += len(text) + len(TEXT_SEPARATOR)
    for span in spans:
        begin, field = max(one for one in starts if one[0] <= span.start)
        yield FieldSpan(field, span.start - begin, span.end - begin)
