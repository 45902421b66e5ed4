"""The answers of a record that somebody judged good or bad, for trainers that take them one at a time."""

from __future__ import annotations

from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.datasets.types import Record


class JudgedAnswer(NamedTuple):
    """One answer to the record's prompt, and whether it is wanted."""

    text: str
    is_good: bool


def judged_answers(record: Record, *, split_pairs: bool, good_from: float | None) -> tuple[JudgedAnswer, ...]:
    """The one answer of a binary record; with `split_pairs` the two of a preference pair; none for other kinds.

    With `good_from`, a scored answer is good from that score on. Raises InputError when an answer
    or its judgement is missing.

    >>> from preceptor.datasets.types import Record
    >>> pair = Record(id="r1", kind="preference", messages=(), chosen="a", rejected="b")
    >>> judged_answers(pair, split_pairs=True, good_from=None)
    (JudgedAnswer(text='a', is_good=True), JudgedAnswer(text='b', is_good=False))
    """
    if record.kind == "binary":
        if record.completion is None or record.is_good is None:
            raise InputError(f"record {record.id!r} lacks its answer or the judgement on it; run the check `schema`")
        return (JudgedAnswer(record.completion, record.is_good),)
    if record.kind == "scored" and good_from is not None:
        if record.completion is None or record.score is None:
            raise InputError(f"record {record.id!r} lacks its answer or its score; run the check `schema`")
        return (JudgedAnswer(record.completion, record.score >= good_from),)
    if record.kind == "preference" and split_pairs:
        if record.chosen is None or record.rejected is None:
            raise InputError(f"record {record.id!r} lacks its chosen or rejected answer; run the check `schema`")
        return (JudgedAnswer(record.chosen, is_good=True), JudgedAnswer(record.rejected, is_good=False))
    return ()
