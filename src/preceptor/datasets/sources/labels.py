"""Records from the labels of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from preceptor.core.errors import InputError
from preceptor.core.ids import plain_object
from preceptor.datasets.batch import Batch, iter_batches
from preceptor.datasets.manifest import hash_records
from preceptor.datasets.source import BadSourceRow, SourceContext, SourceInput
from preceptor.datasets.types import DatasetSource, RecordKind


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Labelled production traces with the answers that people want.

    An answer is the wanted answer of `references` (a JSONL file with `item` and the answer's
    fields) with the resolved label in `label_field`, written as JSON in the order of
    `answer_fields`. The prompt is that of `target`. Cases of the suites that the recipe is `against`
    are kept out.

    >>> Labels(rubric="category", target="candidate", references="answers.jsonl", label_field="topic",
    ...        answer_fields=("answer",), licence="MIT")
    Traceback (most recent call last):
    preceptor.core.errors.InputError: label_field 'topic' is not one of answer_fields ('answer',)
    """

    version: ClassVar[int] = 1
    rubric: str
    target: str
    references: str
    label_field: str
    answer_fields: tuple[str, ...]
    licence: str
    language: str = "en"
    kinds: tuple[RecordKind, ...] = ("sft", "preference")
    name: str = "labels"

    def __post_init__(self) -> None:
        """Refuse a label that no answer would carry."""
        if self.label_field not in self.answer_fields:
            raise InputError(f"label_field {self.label_field!r} is not one of answer_fields {self.answer_fields!r}")

    def inputs(self, context: SourceContext) -> tuple[SourceInput, ...]:
        """The records as the labels are now, told from others by their own hash."""
        records = tuple(context.from_labels(plain_object(self)))
        said = DatasetSource(name=self.name, kind="labels", sha256=hash_records(records))
        return (SourceInput(said, records=records),)

    def read(self, given: SourceInput, context: SourceContext) -> Iterator[Batch | BadSourceRow]:  # noqa: ARG002 - asked before
        """The records."""
        yield from iter_batches(given.records)
