"""How much a record states of where it came from: what decides which of several like ones is kept."""

from __future__ import annotations

from preceptor.datasets.types import Record


def num_stated(record: Record) -> int:
    """How many of these it states: sources, source, licence, consent, annotators, language, moment.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> num_stated(replace(make_record("sft", ()), licence="MIT", annotators=("a", "b")))
    2
    """
    stated = (record.source_ids, record.source, record.licence, record.consent, record.annotators, record.language)
    return sum(map(bool, (*stated, record.created_at)))
