"""Tasks for Label Studio, with what is known as predictions or annotations, and the labelling configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple
from xml.sax.saxutils import quoteattr

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.exporter import ExportForm, TrainerConfig
from preceptor.datasets.provenance_rows import provenance_columns
from preceptor.datasets.shown_answers import shown_order
from preceptor.datasets.types import Record, SpanLabel

Kind = Literal["preference", "binary", "spans"]
TEXT = '  <Text name="text" value="$text"/>\n'
CHAT = '  <Paragraphs name="prompt" value="$prompt" layout="dialogue" nameKey="role" textKey="content"/>\n'


class _Task(NamedTuple):
    """What Label Studio shows, and the regions that are known."""

    data: JsonObject
    result: list[JsonValue]


@dataclass(frozen=True, kw_only=True)
class LabelStudio:
    """A JSON array of tasks of one `kind`, and `<name>.label-config.xml` beside it.

    - `preference`: choices `A` and `B` under `preferred`; the answers stand in an order shuffled by the record's id.
    - `binary`: choices `good` and `bad` under `judgement`.
    - `spans`: `labels` under `label` on the text of the one turn that has labels; name the `labels` for the
      configuration, which otherwise is not written.

    `known_as`: `predictions`, which people review, or `annotations`. The provenance stands in `data`, because
    Label Studio keeps that: `record_id`, `source`, `licence`, `generator`.
    Source: Label Studio, "Task format" and "Import pre-annotated data"; regions checked with its SDK 2.1.

    >>> from preceptor.models.types import Message
    >>> record = Record(id="r1", kind="spans", messages=(Message(role="user", content="Ada in Oslo"),),
    ...     spans=(SpanLabel(message=0, start=7, end=11, label="PLACE"),))
    >>> next(LabelStudio(kind="spans").rows(record))["predictions"][0]["result"][0]["value"]
    {'start': 7, 'end': 11, 'text': 'Oslo', 'labels': ['PLACE']}
    """

    version: ClassVar[int] = 1
    form: ClassVar[ExportForm] = ExportForm(layout="array")

    kind: Kind = "preference"
    known_as: Literal["predictions", "annotations"] = "predictions"
    labels: tuple[str, ...] = ()

    def rows(self, record: Record) -> Iterator[JsonObject]:
        """The task. Raises InputError for an answer that is missing, or labels outside the text."""
        if record.kind != self.kind:
            return
        task = TASKS[self.kind](record)
        origin = provenance_columns(record)
        origin["record_id"] = origin.pop("id")
        known: JsonObject = {"result": task.result}
        if self.known_as == "predictions":
            known["model_version"] = record.generator or "people"
        yield {"data": {**task.data, **origin}, self.known_as: [known]}

    def config(self, file_name: str) -> TrainerConfig | None:
        """The labelling configuration; None for spans whose labels are not named."""
        if self.kind == "spans" and not self.labels:
            return None
        options = "".join(f"    <Label value={quoteattr(label)}/>\n" for label in self.labels)
        body = {
            "preference": CHAT
            + '  <Text name="answer_a" value="$answer_a"/>\n  <Text name="answer_b" value="$answer_b"/>\n'
            + _choices("preferred", "prompt", ("A", "B")),
            "binary": CHAT
            + '  <Text name="answer" value="$answer"/>\n'
            + _choices("judgement", "answer", ("good", "bad")),
            "spans": f'  <Labels name="label" toName="text">\n{options}  </Labels>\n{TEXT}',
        }[self.kind]
        return TrainerConfig(file_name=f"{file_name}.label-config.xml", content=f"<View>\n{body}</View>\n")


def _choices(name: str, of: str, values: tuple[str, ...]) -> str:
    options = "".join(f"    <Choice value={quoteattr(value)}/>\n" for value in values)
    return f'  <Choices name="{name}" toName="{of}" choice="single">\n{options}  </Choices>\n'


def _preference(record: Record) -> _Task:
    if record.chosen is None or record.rejected is None:
        raise InputError(f"record {record.id!r} lacks its chosen or rejected answer; run the check `schema`")
    order = shown_order(record.id, 2)
    answers = [(record.chosen, record.rejected)[place] for place in order]
    data: JsonObject = {"prompt": _turns(record), "answer_a": answers[0], "answer_b": answers[1]}
    return _Task(data, [_choice("preferred", "prompt", "AB"[order.index(0)])])


def _binary(record: Record) -> _Task:
    if record.completion is None or record.is_good is None:
        raise InputError(f"record {record.id!r} lacks its answer or the judgement on it; run the check `schema`")
    data: JsonObject = {"prompt": _turns(record), "answer": record.completion}
    return _Task(data, [_choice("judgement", "answer", "good" if record.is_good else "bad")])


def _spans(record: Record) -> _Task:
    places = {span.message for span in record.spans}
    if len(places) != 1 or not 0 <= min(places) < len(record.messages):
        raise InputError(f"record {record.id!r} has labels on {len(places)} turns; a task has one text")
    text = record.messages[min(places)].content
    return _Task({"text": text}, [_region(record, text, span) for span in record.spans])


def _region(record: Record, text: str, span: SpanLabel) -> JsonObject:
    if not 0 <= span.start < span.end <= len(text):
        raise InputError(
            f"record {record.id!r} has a label on the characters {span.start} to {span.end} of {len(text)}; mend it"
        )
    value: JsonObject = {
        "start": span.start,
        "end": span.end,
        "text": text[span.start : span.end],
        "labels": [span.label],
    }
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value}


def _choice(name: str, of: str, value: str) -> JsonObject:
    return {"from_name": name, "to_name": of, "type": "choices", "value": {"choices": [value]}}


def _turns(record: Record) -> list[JsonValue]:
    return [{"role": turn.role, "content": turn.content} for turn in record.messages]


TASKS = {"preference": _preference, "binary": _binary, "spans": _spans}
