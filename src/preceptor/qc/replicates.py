"""What to do when one annotator answered one item several times."""

from __future__ import annotations

from collections.abc import Sequence

from preceptor.core.errors import InputError
from preceptor.core.rows import text_of
from preceptor.qc.aggregator import ItemAnswer


def once_each(answers: Sequence[ItemAnswer]) -> list[ItemAnswer]:
    """The answers with each annotator's repeated one on an item left out; missing ones are left out too.

    Raises InputError, naming item and annotator, where the repeated answers differ: which one
    counts is not ours to guess.
    """
    first: dict[tuple[str, str], ItemAnswer] = {}
    for answer in given(answers):
        before = first.setdefault((answer.item, answer.annotator), answer)
        if text_of(before.value) != text_of(answer.value):
            raise InputError(
                f"annotator {answer.annotator!r} answered item {answer.item!r} with both {before.value!r} and "
                f"{answer.value!r}; keep one of them (only the aggregator dawid_skene counts each)"
            )
    return list(first.values())


def given(answers: Sequence[ItemAnswer]) -> list[ItemAnswer]:
    """The answers that have a value: None and empty text are missing answers, not a category."""
    return [answer for answer in answers if text_of(answer.value).strip()]
