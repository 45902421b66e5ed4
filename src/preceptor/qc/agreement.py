"""How far annotators agree beyond chance, with the interval of that figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, get_args

from preceptor.core.errors import InputError
from preceptor.core.json_values import JsonValue
from preceptor.core.rows import text_of
from preceptor.labeling.question_type import QuestionType
from preceptor.qc.aggregator import ItemAnswer
from preceptor.qc.replicates import once_each
from preceptor.qc.types import Agreement
from preceptor.stats import agreement_distance
from preceptor.stats.agreement import AnswerTable, answer_table, krippendorff_alpha
from preceptor.stats.agreement_distance import Metric
from preceptor.stats.agreement_interval import alpha_interval

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Distance = Callable[[JsonValue, JsonValue], float]

LEVELS: tuple[Level, ...] = get_args(Level)


def measure_agreement(
    answers: Sequence[ItemAnswer], *, scale: Level | Distance, confidence: float = 0.95, seed: int = 0
) -> Agreement:
    """Krippendorff's alpha of the answers under a level of measurement, or any distance.

    Missing answers are left out; the numbers of items, annotators and answers are those that
    remain, paired or not. Values are compared as labels for `nominal` ("1" is 1) and read as
    numbers for the other levels. `reason` says why there is no value or no interval, or what
    the interval does not cover.

    >>> pairs = [("q1", "yes", "yes"), ("q2", "no", "no"), ("q3", "yes", "no"), ("q4", "no", "no")]
    >>> answers = [ItemAnswer(item=q, annotator=n, value=v) for q, a, b in pairs for n, v in (("ann", a), ("ben", b))]
    >>> round(measure_agreement(answers, scale="nominal").value, 3)
    0.533
    """
    if not 0.0 < confidence < 1.0:
        raise InputError(f"confidence is {confidence!r}; give a number between 0 and 1, such as 0.95")
    kept = once_each(answers)
    table, values = _table(kept)
    metric = _metric(scale, values, table)
    alpha = krippendorff_alpha(table, metric)
    found = alpha_interval(table, metric, confidence, seed)
    return Agreement(
        coefficient="krippendorff_alpha",
        value=alpha.value,
        interval=found.interval,
        confidence=confidence,
        num_items=len({answer.item for answer in kept}),
        num_annotators=len({answer.annotator for answer in kept}),
        num_answers=len(kept),
        reason=found.reason,
    )


def scale_of(question_type: QuestionType) -> Level | Distance:
    """The level that a question type names in its `level`, or else its own distance."""
    level = getattr(question_type, "level", None)
    return next((known for known in LEVELS if known == level), question_type.distance)


def _table(answers: Sequence[ItemAnswer]) -> tuple[AnswerTable, list[JsonValue]]:
    items: dict[str, int] = {}
    annotators: dict[str, int] = {}
    codes: dict[str, int] = {}
    values: list[JsonValue] = []
    columns: tuple[list[int], list[int], list[int]] = ([], [], [])
    for answer in answers:
        code = codes.setdefault(text_of(answer.value), len(values))
        if code == len(values):
            values.append(answer.value)
        columns[0].append(items.setdefault(answer.item, len(items)))
        columns[1].append(annotators.setdefault(answer.annotator, len(annotators)))
        columns[2].append(code)
    return answer_table(*columns, num_values=len(values)), values


def _metric(scale: Level | Distance, values: Sequence[JsonValue], table: AnswerTable) -> Metric:
    if callable(scale):
        return agreement_distance.custom(values, scale)
    if scale == "nominal":
        return agreement_distance.nominal(len(values))
    numbers = [_number(value) for value in values]
    if scale == "ordinal":
        return agreement_distance.ordinal(numbers, table.counts)
    return agreement_distance.ratio(numbers) if scale == "ratio" else agreement_distance.interval(numbers)


def _number(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"{value!r} is no number; use level nominal, or give numbers")
    if not math.isfinite(value):
        raise InputError(f"{value!r} is not finite; leave the answer out where it is missing")
    return float(value)
