"""No eval case stands in the training data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.datasets.batch import Batch
from preceptor.datasets.case_overlap import Overlap
from preceptor.datasets.check import CheckContext
from preceptor.datasets.field_spans import field_spans
from preceptor.datasets.ngram_index import index_for
from preceptor.datasets.types import CheckFinding, Fix

MAX_OTHER_CASES = 20
MAX_PLACES = 20


@dataclass(frozen=True, kw_only=True)
class EvalContamination:
    """Objects to a record that holds at least `min_containment` of the runs of words of an eval case.

    Containment in the record, not similarity to it: a question hidden in a long conversation
    counts in full. Runs of 8 words with containment 0.2 find 99 % of GSM8K's test questions when
    half of each was copied, and flag 1 of 660 others; the common 13 words with 0.5 find no half.
    A run that more than `boilerplate_share` of the cases hold (an instruction that opens each)
    does not count; a case with no run of its own is compared whole with each turn. Rephrased and
    translated cases share few runs: most of them escape this check; `rephrased_eval` looks for those.

    The evidence is the most contained case, its share, the first run found, where all of its runs
    stand (characters of a field), and the ids of the other cases.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> text = "Sure! A robe takes two bolts of blue fiber and half that much white fiber. Here we go."
    >>> record = make_record("sft", (Message(role="assistant", content=text),))
    >>> case = "A robe takes two bolts of blue fiber and half that much white fiber."
    >>> (found,) = find_in(EvalContamination(), [record], CheckContext(eval_texts={"robe": case}))
    >>> found.evidence["case_id"], found.evidence["containment"], found.evidence["quote"]
    ('robe', 1.0, 'a robe takes two bolts of blue fiber')
    >>> found.evidence["places"]
    [{'field': 'messages[0].content', 'start': 6, 'end': 73}]
    """

    version: ClassVar[int] = 2
    fix: ClassVar[Fix] = "drop"
    num_words: int = 8
    min_containment: float = 0.2
    boilerplate_share: float = 0.1

    def __post_init__(self) -> None:
        if self.num_words < 1:
            raise InputError(f"num_words is {self.num_words!r}; give a whole number from 1")
        if not 0 < self.min_containment <= 1:
            raise InputError(f"min_containment is {self.min_containment!r}; give a number above 0, up to 1")
        if not 0 < self.boilerplate_share <= 1:
            raise InputError(f"boilerplate_share is {self.boilerplate_share!r}; give a number above 0, up to 1")

    def missing(self, context: CheckContext) -> str | None:
        """The eval cases, when none were given."""
        return None if context.eval_texts else "no eval cases were given to compare with"

    def find(self, batch: Batch, context: CheckContext) -> Iterator[CheckFinding]:
        """Every record with an eval case in it: the most contained case, then the others."""
        index = index_for(context.eval_texts, self.num_words, self.boilerplate_share)
        for row, overlaps in index.overlaps(batch.texts, self.min_containment):
            yield _finding(Batch(batch.table.slice(row, 1)), overlaps)


def _finding(alone: Batch, overlaps: list[Overlap]) -> CheckFinding:
    most = overlaps[0]
    (record,), (ordinal,) = alone.records, alone.ordinals
    places: list[JsonValue] = [
        {"field": place.field, "start": place.start, "end": place.end}
        for place in field_spans(record, most.spans[:MAX_PLACES])
    ]
    return CheckFinding(
        record_id=record.id,
        reason=f"holds {most.containment:.0%} of the eval case {most.case_id}: “{most.quote}”",
        evidence={
            "case_id": most.case_id,
            "containment": round(most.containment, 4),
            "quote": most.quote,
            "places": places,
            "num_cases": len(overlaps),
            "other_cases": [overlap.case_id for overlap in overlaps[1 : 1 + MAX_OTHER_CASES]],
        },
        index=ordinal,
    )
