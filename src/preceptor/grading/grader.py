"""What a grader is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol, TypeGuard

from preceptor.core.json_values import JsonObject
from preceptor.core.registry import Registry
from preceptor.grading.types import Sample, Score
from preceptor.models.provider import ChatModel


class Grader(Protocol):
    """A plugin that scores one output; a frozen dataclass whose fields are its settings.

    One that also scores parts of it names them in an attribute or a property
    `dimension_names: tuple[str, ...]`, and gives each a value in `Score.dimensions`.
    """

    version: ClassVar[int]

    def grade(self, sample: Sample) -> Score:
        """The score of one output; the same sample gives the same score."""
        ...


class ModelGrader(Protocol):
    """A grader that asks a model."""

    version: ClassVar[int]

    @property
    def provider(self) -> JsonObject:
        """The judge: a provider's `kind` and its settings; a field of the plugin, so part of its identity."""
        ...

    async def grade_with(self, sample: Sample, model: ChatModel) -> Score:
        """The score of one output, as judged by the model.

        Raises JudgementError when the model's answer cannot be read as a judgement.
        """
        ...


graders: Registry[Grader | ModelGrader] = Registry(kind="grader", folder="preceptor.grading.graders")


def asks_model(grader: Grader | ModelGrader) -> TypeGuard[ModelGrader]:
    """True for a grader that needs a judge."""
    # Not isinstance: checking a protocol at run time costs more than most graders do.
    return hasattr(grader, "grade_with")


def dimension_names(grader: Grader | ModelGrader) -> tuple[str, ...]:
    """The parts that the grader scores beside the whole, in its order; most have none."""
    names: tuple[str, ...] = getattr(grader, "dimension_names", ())
    return names


def metric_names(graders_by_metric: Mapping[str, Grader | ModelGrader]) -> list[str]:
    """Every metric that these graders record: each one's own, then its dimensions as `<metric>.<dimension>`.

    >>> metric_names({"format": graders.create("json_schema", {"schema": {}})})
    ['format']
    """
    return [
        name
        for metric, grader in graders_by_metric.items()
        for name in (metric, *(f"{metric}.{part}" for part in dimension_names(grader)))
    ]
