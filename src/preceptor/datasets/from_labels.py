"""Training records from labelled production traces."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.rows import read_rows
from preceptor.datasets.record import make_record
from preceptor.datasets.sources.labels import Labels
from preceptor.datasets.types import Record
from preceptor.models.types import Message
from preceptor.traces.types import Trace


@dataclass(frozen=True, kw_only=True)
class LabelledItem:
    """A trace, the label that its annotators support, and who they were."""

    item: str
    trace: Trace
    value: JsonValue
    task_id: str
    label_id: str
    annotators: tuple[str, ...]


class LeftOut(NamedTuple):
    """An item that became no record, and why."""

    item: str
    reason: str


class Built(NamedTuple):
    """The records and the items left out, both in the order of the items."""

    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]


def records_from_labels(
    items: Iterable[LabelledItem], references: Mapping[str, JsonObject], wanted: Labels, system: str
) -> Built:
    """An SFT record of the wanted answer for each item, and a preference pair where the product's answer differed.

    The wanted answer is the item's reference with the label in its field. `rejected` is what
    the product really said. Items without a reference are left out, with the reason.
    """
    records: dict[str, Record] = {}
    left_out: list[LeftOut] = []
    for item in items:
        reference = references.get(item.item)
        if reference is None:
            left_out.append(LeftOut(item.item, f"no wanted answer in {wanted.references}"))
            continue
        answer = wanted_answer(reference, item.value, wanted)
        for record in _records(item, answer, wanted, system):
            records.setdefault(record.id, record)
    return Built(tuple(records.values()), tuple(left_out))


def wanted_answer(reference: JsonObject, label: JsonValue, wanted: Labels) -> str:
    """The answer as JSON text, its fields in the source's order; InputError for a field that is missing."""
    fields = {**reference, wanted.label_field: label}
    missing = [name for name in wanted.answer_fields if name not in fields]
    if missing:
        raise InputError(f"the wanted answer of {reference.get('item')!r} lacks {', '.join(missing)}; add it")
    return json.dumps({name: fields[name] for name in wanted.answer_fields}, ensure_ascii=False)


def read_references(path: Path) -> dict[str, JsonObject]:
    """The wanted answers by item; InputError for a row without `item` or an item that stands twice."""
    found: dict[str, JsonObject] = {}
    for row in read_rows(path):
        item = row.value.get("item")
        if not isinstance(item, str) or item in found:
            fault = "stands twice" if isinstance(item, str) else "is no text"
            raise InputError(f"{path}:{row.number}: the item {item!r} {fault}; give each wanted answer one item")
        found[item] = row.value
    return found


def _records(item: LabelledItem, answer: str, wanted: Labels, system: str) -> list[Record]:
    turns = tuple(turn for turn in item.trace.messages if turn.role != "system")
    prompt = (Message(role="system", content=system), *turns)
    made: list[Record] = []
    if "sft" in wanted.kinds:
        made.append(make_record("sft", (*prompt, Message(role="assistant", content=answer))))
    if "preference" in wanted.kinds and item.trace.output.strip() not in {"", answer}:
        pair = make_record("preference", prompt, chosen=answer, rejected=item.trace.output)
        made.append(replace(pair, rationale="the wanted answer against what the product said"))
    return [
        replace(
            record,
            group=item.trace.conversation,
            source_ids=(item.trace.id, item.task_id, item.label_id),
            source="production traces",
            licence=wanted.licence,
            language=wanted.language,
            annotators=item.annotators,
            metadata={"item": item.item, wanted.label_field: item.value},
        )
        for record in made
    ]
