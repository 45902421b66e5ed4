"""Score one output; a grader that crashes becomes a recorded failure here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from preceptor.core.errors import InputError, NotAllowedError
from preceptor.core.storable_text import storable
from preceptor.grading.grader import Grader, ModelGrader, asks_model, graders
from preceptor.grading.types import MetricScore, Sample, Score
from preceptor.models.provider import ChatModel

MAX_REASON_CHARACTERS = 2_000


async def grade(sample: Sample, metric: str, grader: Grader | ModelGrader, judge: ChatModel | None) -> MetricScore:
    """The score as recorded.

    `grader_error` for a grader that crashed, whose judge gave no usable judgement, or that
    gave a number outside 0..1; `skipped` for one that says there is nothing to score, or that
    needs a judge and got none. Both have no value, never 0. Raises NotAllowedError alone: a
    spend limit is the caller's to answer.
    """
    identity = graders.identify(grader)
    try:
        score = await _score(sample, grader, judge)
    except NotAllowedError:
        raise
    except Exception as error:  # noqa: BLE001 - DESIGN: a crash of a grader is recorded, here and nowhere else
        said = _cut(f"{type(error).__name__}: {error}")
        return MetricScore(metric=metric, value=None, reason=said, grader=identity, status="grader_error")
    return MetricScore(
        metric=metric,
        value=score.value,
        reason=_cut(score.reason),
        grader=identity,
        status="skipped" if score.value is None else "ok",
    )


async def grade_all(
    sample: Sample, wanted: Mapping[str, Grader | ModelGrader], judges: Mapping[str, ChatModel]
) -> tuple[MetricScore, ...]:
    """One score a metric, in the order of the metrics; `judges` holds the model of each metric that asks one."""
    return tuple([await grade(sample, metric, grader, judges.get(metric)) for metric, grader in wanted.items()])


async def _score(sample: Sample, grader: Grader | ModelGrader, judge: ChatModel | None) -> Score:
    if not asks_model(grader):
        score = cast("Grader", grader).grade(sample)
    elif judge is None:
        score = Score(value=None, reason="it asks a judge, and none was given")
    else:
        score = await grader.grade_with(sample, judge)
    # NaN fails every comparison, so it is caught here too.
    if score.value is not None and not 0 <= score.value <= 1:
        raise InputError(f"the grader gave {score.value!r}; a score is from 0 to 1, or None with a reason")
    return score


def _cut(reason: str) -> str:
    return storable(reason if len(reason) <= MAX_REASON_CHARACTERS else reason[:MAX_REASON_CHARACTERS] + "…")
