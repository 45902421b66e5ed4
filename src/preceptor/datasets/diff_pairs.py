"""Pair the records that went with those that came: the same prompt with another answer or another label."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preceptor.core.ids import canonical_json
from preceptor.core.json_values import JsonValue
from preceptor.datasets.record_texts import prompt_hash, prompt_messages
from preceptor.datasets.types import LabelFlip, Record

SHOWN = 200
CHUNK = 10_000


_LABELS: dict[str, tuple[str, Callable[[Record], JsonValue]]] = {
    "preference": ("chosen", lambda record: record.chosen),
    "ranking": ("ranked", lambda record: {one.text: one.rank for one in record.ranked}),
    "binary": ("is_good", lambda record: record.is_good),
    "scored": ("score", lambda record: record.score),
    "steps": ("steps", lambda record: [step.is_good for step in record.steps]),
    "spans": ("spans", lambda record: [[one.message, one.start, one.end, one.label] for one in record.spans]),
}


class RecordKeys(NamedTuple):
    """What is compared of some records: hashes of the prompt, of the text without its label, and of the label.

    `marks` are of the labels that stand in the metadata; 0 where there are none.
    """

    ids: NDArray[np.bytes_]
    prompts: NDArray[np.uint64]
    contents: NDArray[np.uint64]
    labels: NDArray[np.uint64]
    marks: NDArray[np.uint64]


class Pairs(NamedTuple):
    """Pairs of ids, before and after, in order: with another answer, and with the same text under another label.

    `relabelled` are those of `changed` whose label in the metadata is another, too.
    """

    changed: list[tuple[str, str]]
    flipped: list[tuple[str, str]]
    relabelled: list[tuple[str, str]]


def keys_of(records: Iterable[Record], label_fields: Sequence[str] = ()) -> RecordKeys:
    """The keys of some records; about 60 bytes a record stay in memory."""
    parts = list(_key_parts(iter(records), label_fields))
    if not parts:
        none = np.array([], np.uint64)
        return RecordKeys(np.array([], "S1"), none, none, none, none)
    return RecordKeys(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def pair(lost: RecordKeys, gained: RecordKeys) -> Pairs:
    """Pairs of one prompt: first those of equal text, which are flips, then the others in order of id."""
    both = np.intersect1d(lost.prompts, gained.prompts)
    olds, news = _by_prompt(lost, both), _by_prompt(gained, both)
    pairs = Pairs([], [], [])
    for prompt, old in olds.items():
        new = news[prompt]
        for place, other in _same_text(lost, gained, old, new):
            old.remove(place)
            new.remove(other)
            pairs.flipped.append((_id(lost, place), _id(gained, other)))
        for place, other in zip(old, new, strict=False):
            pairs.changed.append((_id(lost, place), _id(gained, other)))
            if lost.marks[place] != gained.marks[other] and lost.marks[place] and gained.marks[other]:
                pairs.relabelled.append(pairs.changed[-1])
    return Pairs(*(sorted(some) for some in pairs))


def flips_of(before: Record, after: Record, fields: Sequence[str]) -> Iterator[LabelFlip]:
    """What changed in the labels of a pair, by field; nothing where no label is another."""
    old, new = labels_of(before, fields), labels_of(after, fields)
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield LabelFlip(before_id=before.id, after_id=after.id, field=name, before=old[name], after=new[name])


def labels_of(record: Record, fields: Sequence[str]) -> dict[str, JsonValue]:
    """The labels of a record by the field they stand in, long ones cut."""
    label = _label(record)
    return {**({} if label is None else {label[0]: label[1]}), **_marks(record, fields)}


def _marks(record: Record, fields: Sequence[str]) -> dict[str, JsonValue]:
    """The labels in the metadata."""
    return {f"metadata.{name}": _short(record.metadata[name]) for name in fields if name in record.metadata}


def _key_parts(records: Iterator[Record], label_fields: Sequence[str]) -> Iterator[RecordKeys]:
    while some := list(islice(records, CHUNK)):
        yield RecordKeys(
            ids=np.array([record.id for record in some], dtype="S"),
            prompts=np.array([_number([record.kind, prompt_hash(record)]) for record in some], np.uint64),
            contents=np.array([_number(_unlabelled(record)) for record in some], np.uint64),
            labels=np.array([_number([_label(record), _marks(record, label_fields)]) for record in some], np.uint64),
            marks=np.array([_mark_number(record, label_fields) for record in some], np.uint64),
        )


def _by_prompt(keys: RecordKeys, prompts: NDArray[np.uint64]) -> dict[int, list[int]]:
    """The places of the records of each prompt, in order of id."""
    grouped: dict[int, list[int]] = {int(prompt): [] for prompt in prompts}
    places = np.flatnonzero(np.isin(keys.prompts, prompts))
    for place in places[np.argsort(keys.ids[places], kind="stable")]:
        grouped[int(keys.prompts[place])].append(int(place))
    return grouped


def _same_text(lost: RecordKeys, gained: RecordKeys, old: Sequence[int], new: Sequence[int]) -> list[tuple[int, int]]:
    free = list(new)
    found = []
    for place in old:
        for other in free:
            if lost.contents[place] == gained.contents[other] and lost.labels[place] != gained.labels[other]:
                found.append((place, other))
                free.remove(other)
                break
    return found


def _unlabelled(record: Record) -> list[JsonValue]:
    """The texts of a record, in an order that does not depend on how they are judged."""
    answer = [message.content for message in record.messages[len(prompt_messages(record)) :]]
    judged = [record.chosen, record.rejected, record.completion, *(one.text for one in record.ranked)]
    steps = [step.text for step in record.steps]
    return [record.kind, [*answer], [*sorted(text for text in judged if text is not None)], [*steps]]


def _label(record: Record) -> tuple[str, JsonValue] | None:
    """The field that judges a record's text, and what it says; None for a kind that judges nothing."""
    if record.kind not in _LABELS:
        return None
    name, label_of = _LABELS[record.kind]
    return name, _short(label_of(record))


def _short(value: JsonValue) -> JsonValue:
    text = value if isinstance(value, str) else canonical_json(value).decode()
    return value if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _mark_number(record: Record, fields: Sequence[str]) -> int:
    marks = _marks(record, fields)
    return _number(marks) if marks else 0


def _number(value: object) -> int:
    return int.from_bytes(hashlib.blake2b(canonical_json(value), digest_size=8).digest(), "little")


def _id(keys: RecordKeys, place: int) -> str:
    return bytes(keys.ids[place]).decode()
