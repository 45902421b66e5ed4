"""Steps of a worked answer with a judgement each, as process reward trainers read them."""

from __future__ import annotations

from typing import Literal

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonObject
from preceptor.datasets.conversation import split_system
from preceptor.datasets.plain_prompt import plain_prompt
from preceptor.datasets.types import Record

UnjudgedSteps = Literal["refuse", "cut"]


def step_row(record: Record, unjudged: UnjudgedSteps) -> JsonObject:
    """`{"prompt": text, "completions": [...], "labels": [...]}` of a record of steps.

    The format has no label for a step that nobody judged: `refuse` raises InputError for it, `cut`
    ends the answer before it. Raises InputError when no judged step is left.
    """
    steps = record.steps
    place = next((place for place, step in enumerate(steps) if step.is_good is None), len(steps))
    if place < len(steps) and unjudged == "refuse":
        raise InputError(f"record {record.id!r} has a step that nobody judged (steps[{place}]); judge it or set `cut`")
    if place == 0:
        raise InputError(f"record {record.id!r} has no judged step; judge one or leave the record out")
    return {
        "prompt": plain_prompt(record, split_system(record).turns).text,
        "completions": [step.text for step in steps[:place]],
        "labels": [step.is_good for step in steps[:place]],
    }
