"""A recipe's steps as passes: as few readings of all records as the steps allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preceptor.datasets.check import RecordCheck, SetCheck
from preceptor.datasets.recipe import PlannedCheck, PlannedStep
from preceptor.datasets.step import MapStep

Planned = PlannedCheck | PlannedStep


@dataclass(frozen=True, kw_only=True)
class PlannedPass:
    """Steps, each with its place in the recipe, that one reading serves."""

    steps: tuple[tuple[int, Planned], ...]

    @property
    def changes_records(self) -> bool:
        """True when a record can be another one after this pass, not only be gone."""
        return any(_maps(step) for _, step in self.steps)


def plan_passes(planned: Sequence[Planned]) -> tuple[PlannedPass, ...]:
    """The steps in passes, in their order.

    A check over the whole set says what it found only when it has seen every record, as they were then: so
    after it no step of the same pass may change or drop records, and when it drops or mends, or is a
    choice, nothing may follow in the same pass.
    """
    passes: list[list[tuple[int, Planned]]] = [[]]
    must_stay = must_end = False
    for place, step in enumerate(planned):
        if must_end or (must_stay and _changes(step)):
            passes.append([])
            must_stay = must_end = False
        passes[-1].append((place, step))
        looks_at_all = not _judges_alone(step)
        must_stay = must_stay or looks_at_all
        must_end = looks_at_all and _changes(step)
    return tuple(PlannedPass(steps=tuple(steps)) for steps in passes if steps)


def _judges_alone(step: Planned) -> bool:
    if isinstance(step, PlannedCheck):
        return isinstance(step.check, RecordCheck) and not isinstance(step.check, SetCheck)
    return isinstance(step.step, MapStep)


def _changes(step: Planned) -> bool:
    return isinstance(step, PlannedStep) or step.fix != "none"


def _maps(step: Planned) -> bool:
    if isinstance(step, PlannedStep):
        return isinstance(step.step, MapStep)
    return step.fix == "mend" and isinstance(step.check, RecordCheck)
