"""Records for Argilla 2, with what is known as suggestions or as answers of one user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple
from uuid import UUID

from preceptor.core.errors import InputError
from preceptor.core.ids import plain
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.exporter import ExportForm
from preceptor.datasets.message_rows import message_rows
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.shown_answers import shown_order
from preceptor.datasets.types import Record, RecordKind


class _Item(NamedTuple):
    """What Argilla shows, and what is answered already, by question."""

    fields: JsonObject
    answers: JsonObject


@dataclass(frozen=True, kw_only=True)
class Argilla:
    """A JSON array that `dataset.records.from_json` reads: records of one `kind`, as a dataset has one set of fields.

    Fields and questions, by kind (`prompt` is a chat field, the others are text fields):

    - `sft`: `prompt`; text question `answer`.
    - `preference`: `prompt`, `answer_1`, `answer_2`; label question `preferred` with these two names.
    - `ranking`: `prompt`, `answer_1`, and so on; ranking question `ranking` with these names.
    - `binary`: `prompt`, `answer`; label question `is_good` with `yes` and `no`.
    - `steps`: `prompt`, `step_1`, and so on; a label question `step_1_is_good` each, with `yes` and `no`.
    - `spans`: `text`, of the one turn that has labels; span question `spans` on it.

    Answers stand in an order shuffled by the record's id. What is known is a suggestion, by the `generator` or by
    people; with `user_id`, the id of an Argilla user, it is that user's answer. The provenance is metadata.
    Source: Argilla 2.8, `Record.from_dict`, `Suggestion` (type), `Response`; "rg.Record", "rg.Response".

    >>> from preceptor.models.types import Message
    >>> record = Record(id="r1", kind="binary", messages=(Message(role="user", content="hi"),), completion="hello",
    ...     is_good=True)
    >>> next(Argilla(kind="binary").rows(record))["suggestions"]
    {'is_good': {'value': 'yes', 'agent': 'people', 'type': 'human'}}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(layout="array")

    kind: RecordKind = "preference"
    user_id: str = ""

    def __post_init__(self) -> None:
        if self.kind == "scored":
            raise InputError("kind 'scored' has no question in Argilla, whose ratings are whole numbers; name another")
        if self.user_id:
            try:
                UUID(self.user_id)
            except ValueError as error:
                raise InputError(f"user_id {self.user_id!r:.60} is no UUID; copy the id of an Argilla user") from error

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The record with its fields, what is known, and its provenance. Raises InputError for what is missing."""
        if record.kind != self.kind:
            return
        item = ITEMS[self.kind](record)
        agent, who = (
            (record.generator, "model") if record.generator else (", ".join(record.annotators) or "people", "human")
        )
        known: JsonObject = {
            question: [{"value": value, "user_id": self.user_id}]
            if self.user_id
            else {"value": value, "agent": agent, "type": who}
            for question, value in item.answers.items()
        }
        metadata = {key: value for key, value in provenance_columns(record).items() if key != "id" and value}
        yield {
            "id": record.id,
            "fields": item.fields,
            "metadata": {**metadata, "synthetic": "yes" if record.generator else "no"},
            "suggestions": {} if self.user_id else known,
            "responses": known if self.user_id else {},
        }


def _sft(record: Record) -> _Item:
    if not record.messages or record.messages[-1].role != "assistant":
        raise InputError(f"record {record.id!r} does not end with an answer; it has nothing to review")
    return _Item(_prompt(record, end=-1), {"answer": record.messages[-1].content})


def _preference(record: Record) -> _Item:
    if record.chosen is None or record.rejected is None:
        raise InputError(f"record {record.id!r} lacks its chosen or rejected answer; run the check `schema`")
    order = shown_order(record.id, 2)
    fields = _prompt(record) | _named("answer", [(record.chosen, record.rejected)[place] for place in order])
    return _Item(fields, {"preferred": f"answer_{order.index(0) + 1}"})


def _ranking(record: Record) -> _Item:
    ranked = [record.ranked[place] for place in shown_order(record.id, len(record.ranked))]
    value: list[JsonValue] = [
        {"value": f"answer_{place}", "rank": answer.rank} for place, answer in enumerate(ranked, start=1)
    ]
    return _Item(_prompt(record) | _named("answer", [answer.text for answer in ranked]), {"ranking": value})


def _binary(record: Record) -> _Item:
    if record.completion is None or record.is_good is None:
        raise InputError(f"record {record.id!r} lacks its answer or the judgement on it; run the check `schema`")
    return _Item(_prompt(record) | {"answer": record.completion}, {"is_good": _yes_no(record.is_good)})


def _steps(record: Record) -> _Item:
    judged: JsonObject = {
        f"step_{place}_is_good": _yes_no(step.is_good)
        for place, step in enumerate(record.steps, start=1)
        if step.is_good is not None
    }
    return _Item(_prompt(record) | _named("step", [step.text for step in record.steps]), judged)


def _spans(record: Record) -> _Item:
    places = {span.message for span in record.spans}
    if len(places) != 1 or not 0 <= min(places) < len(record.messages):
        raise InputError(f"record {record.id!r} has labels on {len(places)} turns; Argilla labels one text field")
    spans = [{"start": span.start, "end": span.end, "label": span.label} for span in record.spans]
    return _Item({"text": record.messages[min(places)].content}, {"spans": plain(spans)})


def _prompt(record: Record, end: int | None = None) -> JsonObject:
    turns: list[JsonValue] = [
        {"role": row["role"], "content": row["content"]}
        for row in message_rows(record.messages[:end])
        if isinstance(row, dict)
    ]
    return {"prompt": turns}


def _named(name: str, texts: list[str]) -> JsonObject:
    return {f"{name}_{place}": text for place, text in enumerate(texts, start=1)}


def _yes_no(is_good: bool) -> str:
    return "yes" if is_good else "no"


ITEMS = {
    "sft": _sft,
    "preference": _preference,
    "ranking": _ranking,
    "binary": _binary,
    "steps": _steps,
    "spans": _spans,
}
