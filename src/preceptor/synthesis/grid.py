"""Lay out the grid of a plan: every persona with every intent and difficulty, each slot with its seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

from preceptor.datasets.types import Record
from preceptor.synthesis.types import Seed, Slot, SynthesisPlan

AXES = ("persona", "intent", "difficulty")


def slots_of(plan: SynthesisPlan, seeds: Sequence[Seed]) -> tuple[Slot, ...]:
    """The wanted records in a fixed order; the seeds take turns.

    An intent that is the name of a category takes the seeds of that category, where there are any.
    """
    cells = product(plan.personas, plan.intents, plan.difficulties, range(1, plan.per_cell + 1))
    turns: Counter[str] = Counter()
    slots = []
    for persona, intent, difficulty, number in cells:
        own = [seed for seed in seeds if seed.category == intent]
        chosen = own or seeds
        key = intent if own else ""
        seed = chosen[turns[key] % len(chosen)] if chosen else None
        turns[key] += 1
        slots.append(Slot(persona=persona, intent=intent, difficulty=difficulty, number=number, seed=seed))
    return tuple(slots)


def coverage(plan: SynthesisPlan, records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """How many records each value of each axis has; 0 for what nothing was written about."""
    covered = {
        "persona": dict.fromkeys(plan.personas, 0),
        "intent": dict.fromkeys(plan.intents, 0),
        "difficulty": dict.fromkeys(plan.difficulties, 0),
    }
    for record in records:
        for axis in AXES:
            covered[axis][str(record.metadata[axis])] += 1
    return covered
