"""Labels are what their texts and their annotators say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, at_path
from preceptor.datasets.annotator_answers import Support, label_support
from preceptor.datasets.batch import Batch
from preceptor.datasets.check import CheckContext, Conclusion, Gathered
from preceptor.datasets.hashed_features import hashed_features
from preceptor.datasets.leak_keys import text_key
from preceptor.datasets.record_field import field_reader
from preceptor.datasets.record_texts import iter_texts, prompt_messages
from preceptor.datasets.share_figure import share_figure
from preceptor.datasets.suspect_labels import LabelledTexts, Suspects, find_suspects
from preceptor.datasets.types import CheckFinding, Fix, Record

SCHEMA = pa.schema(
    [
        ("ordinal", pa.int64()),
        ("id", pa.string()),
        ("label", pa.string()),
        ("group", pa.uint64()),
        ("draw", pa.uint64()),
        ("features", pa.list_(pa.uint16())),
        ("num_agreeing", pa.int32()),
        ("num_answers", pa.int32()),
        ("most_given", pa.string()),
    ]
)
METADATA = "metadata."


@dataclass(frozen=True, kw_only=True)
class LabelNoise:
    """Objects to a record whose label its text, or its annotators, contradict.

    By text: confident learning over the `label` field (Northcutt et al. 2021). A light classifier
    predicts each record from the others, in `folds` by group and prompt, so that no copy of it is
    seen; a record that reaches the mean probability of another class is a suspect. It judges words
    (`text`: `prompt` or the whole `record`), so look at the suspects before you drop them. Classes of
    fewer than `min_per_class` records are passed over, and nothing is said where the words do
    not predict the label better than its most frequent value. Of more than `max_records`, those are
    judged whose ids hash lowest. By annotators: the field `answers` holds what each said (a list or
    a mapping); fewer than `min_agreement` of at least two gave the label.

    >>> from dataclasses import replace
    >>> from preceptor.datasets.record import make_record
    >>> from preceptor.datasets.run_checks import find_in
    >>> from preceptor.models.types import Message
    >>> record = make_record("sft", (Message(role="assistant", content="hi"),))
    >>> record = replace(record, metadata={"label": "refund", "answers": ["billing", "billing", "refund"]})
    >>> [finding.reason for finding in find_in(LabelNoise(), [record], CheckContext())]
    ['the label is refund, which 1 of 3 annotators gave; most gave billing']
    """

    version: ClassVar[int] = 1
    fix: ClassVar[Fix] = "drop"
    label: str = "metadata.label"
    answers: str = "metadata.answers"
    text: Literal["prompt", "record"] = "prompt"
    folds: int = 5
    min_per_class: int = 20
    min_agreement: float = 0.5
    max_records: int = 100_000

    def __post_init__(self) -> None:
        field_reader(self.label)
        if not self.answers.startswith(METADATA):
            raise InputError(f"answers is {self.answers!r}; write metadata.NAME")
        if not 2 <= self.folds <= 20:  # noqa: PLR2004 - a part to learn from; more only cost time
            raise InputError(f"folds is {self.folds!r}; give a whole number from 2 to 20")
        if not 0 <= self.min_agreement <= 1 or self.min_per_class < self.folds or self.max_records < 1:
            raise InputError("min_agreement must be a share, min_per_class at least folds, max_records at least 1")

    def missing(self, context: CheckContext) -> str | None:  # noqa: ARG002 - lacks nothing
        """None: it needs the records only."""
        return None

    def gather(self, batch: Batch, context: CheckContext) -> pa.RecordBatch:  # noqa: ARG002 - records only
        """A row for each record with a label: hashed words, group, and what the annotators said."""
        chosen = [(ordinal, record, label) for ordinal, record in batch.placed() if (label := self._label(record))]
        records = [record for _, record, _ in chosen]
        texts = [self._text(record) for record in records]
        supports = [self._support(record, label) for _, record, label in chosen]
        columns = [
            pa.array([ordinal for ordinal, _, _ in chosen], pa.int64()),
            pa.array([record.id for record in records], pa.string()),
            pa.array([label for _, _, label in chosen], pa.string()),
            pa.array(list(map(_group_key, records, texts)), pa.uint64()),
            pa.array([text_key("draw", record.id.encode()) for record in records], pa.uint64()),
            hashed_features(texts),
            pa.array([support and support.num_agreeing for support in supports], pa.int32()),
            pa.array([support and support.num_answers for support in supports], pa.int32()),
            pa.array([support and support.most_given for support in supports], pa.string()),
        ]
        return pa.record_batch(columns, schema=SCHEMA)

    def conclude(self, gathered: Gathered, context: CheckContext) -> Conclusion:  # noqa: ARG002 - records only
        """The suspects by text and those that annotators contradict; a record that is both stands once."""
        doubted: dict[int | None, CheckFinding] = {}
        num_labelled = num_answered = 0
        for part in gathered.parts():
            num_labelled += part.num_rows
            num_answered += part.num_rows - part.column("num_answers").null_count
            doubted.update({finding.index: finding for finding in self._contradicted(part)})
        if num_labelled == 0:
            return Conclusion((), reason=f"no record has {self.label}")
        suspects = find_suspects(_labelled(gathered, self.max_records), self.folds, self.min_per_class)
        figures: JsonObject = {
            "by_text": suspects.figures,
            "contradicted_by_annotators": share_figure(len(doubted), num_answered),
        }
        if suspects.reason and not num_answered:
            return Conclusion((), figures, suspects.reason)
        for finding in _suspected(suspects):
            doubted.setdefault(finding.index, finding)
        return Conclusion(doubted.values(), figures)

    @cached_property
    def _label(self) -> Callable[[Record], str | None]:
        return field_reader(self.label)

    def _text(self, record: Record) -> str:
        if self.text == "prompt":
            return "\n".join([message.content for message in prompt_messages(record) if message.role != "system"])
        return "\n".join([text for _, text in iter_texts(record)])

    def _support(self, record: Record, label: str) -> Support | None:
        answers = at_path(record.metadata, self.answers.removeprefix(METADATA))
        return None if answers is None else label_support(answers, label)

    def _contradicted(self, part: pa.Table) -> Iterator[CheckFinding]:
        agreement = pc.divide(part.column("num_agreeing").cast(pa.float64()), part.column("num_answers"))
        rows = part.filter(pc.less(agreement, self.min_agreement)).drop_columns(["features", "group", "draw"])
        for row in rows.to_pylist():
            given = f"{row['num_agreeing']} of {row['num_answers']} annotators"
            most = f"; most gave {row['most_given']}" if row["most_given"] not in {None, row["label"]} else ""
            yield CheckFinding(
                record_id=row["id"],
                reason=f"the label is {row['label']}, which {given} gave{most}",
                evidence={name: row[name] for name in ("label", "num_agreeing", "num_answers", "most_given")},
                index=row["ordinal"],
            )


def _group_key(record: Record, text: str) -> int:
    return text_key("fold", (record.group or text).encode("utf-8", "replace"))


def _labelled(gathered: Gathered, max_records: int) -> LabelledTexts:
    """The texts to judge; those with the lowest hashes of their ids where there are too many to hold."""
    draws = np.concatenate([part.column("draw").to_numpy() for part in gathered.parts()])
    last = np.partition(draws, max_records - 1)[max_records - 1] if len(draws) > max_records else draws.max()
    chosen = [
        part.filter(pc.less_equal(part.column("draw"), pa.scalar(last, pa.uint64()))) for part in gathered.parts()
    ]
    rows = pa.concat_tables(chosen)
    features = rows.column("features").combine_chunks()
    return LabelledTexts(
        ordinals=rows.column("ordinal").to_numpy(),
        ids=rows.column("id").to_pylist(),
        labels=rows.column("label").to_pylist(),
        groups=rows.column("group").to_numpy(),
        features=features.flatten().to_numpy().astype(np.int32),
        offsets=np.append(0, np.cumsum(pc.list_value_length(features).to_numpy())).astype(np.int32),
    )


def _suspected(suspects: Suspects) -> Iterator[CheckFinding]:
    for found in suspects.found:
        yield CheckFinding(
            record_id=found.id,
            reason=f"the label is {found.label}, the words say {found.suggested} ({found.probability:.0%})",
            evidence={"label": found.label, "suggested": found.suggested, "probability": round(found.probability, 4)},
            index=found.ordinal,
        )
