"""Choose few-shot examples from a dataset version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from preceptor.core.errors import InputError
from preceptor.datasets.types import Record
from preceptor.models.target import ExampleSource
from preceptor.models.types import Message


def choose_examples(records: Iterable[Record], source: ExampleSource) -> tuple[Message, ...]:
    """User and assistant turns of `source.count` SFT records of the split, without their system turns.

    The values of the metadata field `source.by` take turns in the order of their names; within
    a value, and where `by` is empty, short records come first (they leave room for the
    question), ties by id. So the same version always gives the same examples. Raises
    InputError when the split has no SFT record.
    """
    by_value: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.kind == "sft" and record.split == source.split:
            by_value[str(record.metadata.get(source.by, ""))].append(record)
    if not by_value:
        raise InputError(f"dataset {source.dataset!r} has no SFT record in the split {source.split!r}; name another")
    queues = [sorted(by_value[value], key=_length_and_id) for value in sorted(by_value)]
    in_turns = [queue[place] for place in range(max(map(len, queues))) for queue in queues if place < len(queue)]
    chosen = in_turns[: source.count]
    return tuple(turn for record in chosen for turn in record.messages if turn.role != "system")


def _length_and_id(record: Record) -> tuple[int, str]:
    return sum(len(turn.content) for turn in record.messages), record.id
