"""The one answer of a record that a model is to learn from."""

from __future__ import annotations

from preceptor.datasets.types import Record


def learnt_answer(record: Record) -> str:
    """The last turn of an sft record, the chosen, best or good answer of others; an empty text where there is none.

    Of equal ranks the first counts. The answer of a binary record that is not wanted is not
    learnt, and labelled spans have no answer.

    >>> learnt_answer(Record(id="r1", kind="preference", messages=(), chosen="yes", rejected="no"))
    'yes'
    """
    kind = record.kind
    if kind == "sft":
        last = record.messages[-1] if record.messages else None
        return last.content if last is not None and last.role == "assistant" else ""
    if kind == "preference":
        return record.chosen or ""
    if kind == "ranking":
        return min(record.ranked, key=lambda answer: answer.rank).text if record.ranked else ""
    if kind == "steps":
        return "\n".join(step.text for step in record.steps if step.is_good is not False)
    if kind == "binary" and record.is_good is False:
        return ""
    return record.completion or ""
