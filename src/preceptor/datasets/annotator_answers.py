"""What each annotator answered, where a record tells it, and whether the label follows from it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of

MAX_ANSWERS = 1_000
FEWEST = 2


class Support(NamedTuple):
    """`num_agreeing` of `num_answers` annotators gave the label; `most_given` is the one most frequent answer.

    It is None for a tie.
    """

    num_agreeing: int
    num_answers: int
    most_given: str | None


def label_support(answers: JsonValue, label: str | None) -> Support | None:
    """The support of a label in a list of answers, or a mapping of annotators to answers.

    An answer is a value, or an object with `value`, `label` or `answer`. None for fewer than two answers.

    >>> label_support({"ada": "refund", "bob": "billing", "eve": "billing"}, "refund")
    Support(num_agreeing=1, num_answers=3, most_given='billing')
    """
    listed = list(answers.values()) if isinstance(answers, dict) else answers
    if not isinstance(listed, list):
        return None
    given = [text for answer in listed[:MAX_ANSWERS] if (text := _text(answer))]
    if len(given) < FEWEST:
        return None
    first, *rest = Counter(given).most_common(2)
    is_tied = bool(rest) and rest[0][1] == first[1]
    return Support(given.count(label) if label else 0, len(given), None if is_tied else first[0])


def _text(answer: JsonValue) -> str:
    if isinstance(answer, dict):
        answer = next((answer[name] for name in ("value", "label", "answer") if name in answer), None)
    return "" if isinstance(answer, (dict, list)) else text_of(answer)
