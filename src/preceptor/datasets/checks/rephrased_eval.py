"""No eval case stands in the training data in other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext
from preceptor.datasets.normal_text import words
from preceptor.datasets.record_texts import iter_texts
from preceptor.datasets.rephrased import Likeness, case_vectors
from preceptor.datasets.text_vectors import MAX_CHARACTERS, missing_model
from preceptor.datasets.types import CheckFinding, Fix

MAX_OTHER_CASES = 5
MAX_EXCERPT = 200


class _Text(NamedTuple):
    row: int
    field: str
    text: str


class _Alike(NamedTuple):
    text: _Text
    cases: list[Likeness]


@dataclass(frozen=True, kw_only=True)
class RephrasedEval:
    """Points to a record with a text whose meaning is near an eval case's: a candidate for a person to read.

    `min_similarity` is the cosine of sentence vectors (extra `similarity`). Measured on LMSYS's
    rephrasings: 0.5 points to 98 % of HumanEval's, in three programming languages, and to 93 and 98 % of
    two MMLU subjects', of which runs of words find 6 in 748; and to 0.2 to 0.6 % of texts on other
    matters. Yet it also takes 25 to 98 % of the other questions on a case's own subject for
    it: so nothing is dropped, and where the data is about what the suite is about, a higher
    value must be chosen (`rephrased.fit_similarity` fits one to texts known to be clean).
    Translations into other languages escape: the vectors are English. Texts under `min_words`
    words are passed over; of long ones the first 4,000 characters count.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="user", content="Which is the largest planet that orbits the sun?"),))
    >>> context = CheckContext(eval_texts={"jupiter": "What is the biggest planet in our solar system?"})
    >>> [found.evidence["case_id"] for found in find_in(RephrasedEval(), [record], context)]
    ['jupiter']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "none"
    min_similarity: float = 0.5
    min_words: int = 4

    def __post_init__(self) -> None:
        if not 0 < self.min_similarity <= 1:
            raise InputError(f"min_similarity is {self.min_similarity!r}; give a cosine above 0, up to 1")
        if self.min_words < 1:
            raise InputError(f"min_words is {self.min_words!r}; give a whole number from 1")

    def missing(self, context: CheckContext) -> str | None:
        """The eval cases, when none were given, or the extra that is not installed."""
        return missing_model() if context.eval_texts else "no eval cases were given to compare with"

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:
        """Every record with a text that resembles a case: the most alike text and its cases."""
        if not context.eval_texts:
            return
        texts = [
            _Text(row, field, text)
            for row, record in enumerate(batch.records)
            for field, text in iter_texts(record)
            if len(words(text[:MAX_CHARACTERS])) >= self.min_words
        ]
        alike: dict[int, list[_Alike]] = defaultdict(list)
        for place, cases in case_vectors(context.eval_texts).likenesses(
            [one.text for one in texts], self.min_similarity
        ):
            alike[texts[place].row].append(_Alike(texts[place], cases))
        for row, found in alike.items():
            most = max(found, key=lambda one: one.cases[0].similarity)
            yield _finding(batch, row, most)


def _finding(batch: Batch, row: int, found: _Alike) -> CheckFinding:
    most = found.cases[0]
    others: list[JsonValue] = [case.case_id for case in found.cases[1 : 1 + MAX_OTHER_CASES]]
    return CheckFinding(
        record_id=batch.records[row].id,
        reason=f"{found.text.field} may be the eval case {most.case_id} in other words ({most.similarity:.2f})",
        evidence={
            "case_id": most.case_id,
            "similarity": round(most.similarity, 4),
            "field": found.text.field,
            "excerpt": found.text.text[:MAX_EXCERPT],
            "num_cases": len(found.cases),
            "other_cases": others,
        },
        index=batch.ordinals[row],
    )
