"""No record insults, threatens or swears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from preceptor.core.errors import InputError
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.learnt_answer import learnt_answer
from preceptor.datasets.profanity_model import missing_profanity_model, profanity_probabilities
from preceptor.datasets.record_texts import FieldText, iter_texts
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.types import CheckFinding, Fix, Record


@dataclass(frozen=True, kw_only=True)
class Toxicity:
    """Objects to a record with a text that is toxic or profane with a probability of `threshold` or more.

    Each turn and answer is judged by itself (`text: record`), or the answer to learn alone
    (`text: answer`): a prompt that insults may be what a model must learn to answer. The model
    (extra `toxicity`) is linear over single English words, trained on comments of web users. It
    knows swear words well, and little else: it takes "kill the process" for worse than it is, hears no
    irony, finds no polite cruelty and no other language. Use it to sort what people look at.

    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="Shut up, you fucking idiot."),))
    >>> [finding.reason for finding in find_in(Toxicity(), [record], CheckContext())]
    ['messages[0].content is toxic with a probability of 100%']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    threshold: float = 0.9
    text: Literal["record", "answer"] = "record"

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise InputError(f"threshold is {self.threshold!r}; give a probability above 0, up to 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - needs a package, nothing of the context
        """The package, where it is not installed."""
        return missing_profanity_model()

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each record at or above the threshold: the field that is worst, and how bad."""
        rows = np.flatnonzero(profanity_probabilities(self._texts(batch)) >= self.threshold).tolist()
        worst = self._worst([batch.records[row] for row in rows])
        return pa.record_batch(
            {
                "ordinal": pa.array([batch.ordinals[row] for row in rows], pa.int64()),
                "id": pa.array([batch.records[row].id for row in rows], pa.string()),
                "field": pa.array([field for field, _ in worst], pa.string()),
                "probability": pa.array([probability for _, probability in worst], pa.float64()),
            }
        )

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """Those records, and their share."""
        num_toxic = sum(part.num_rows for part in gathered.parts())
        return Conclusion(_findings(gathered), {"toxic": share_figure(num_toxic, gathered.num_records)})

    def _texts(self, batch: Batch) -> pa.LargeStringArray:
        if self.text == "record":
            return batch.texts
        return pa.array([learnt_answer(record) for record in batch.records], pa.large_string())

    def _worst(self, records: list[Record]) -> list[tuple[str, float]]:
        """The worst field of each record, with its probability; all texts are judged in one go."""
        fields = [self._fields(record) for record in records]
        texts = pa.array([text for found in fields for _, text in found], pa.large_string())
        judged = iter(profanity_probabilities(texts).tolist())
        return [max(((name, next(judged)) for name, _ in found), key=itemgetter(1)) for found in fields]

    def _fields(self, record: Record) -> list[FieldText]:
        if self.text == "answer":
            return [FieldText("the answer", learnt_answer(record))]
        return list(iter_texts(record))


def _findings(gathered: Gathered) -> Iterator[CheckFinding]:
    for part in gathered.parts():
        for row in part.to_pylist():
            yield CheckFinding(
                record_id=row["id"],
                reason=f"{row['field']} is toxic with a probability of {row['probability']:.0%}",
                evidence={"field": row["field"], "probability": round(row["probability"], 4)},
                index=row["ordinal"],
            )
