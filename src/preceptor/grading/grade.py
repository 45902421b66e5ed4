"""Score one output; a grader that crashes becomes a recorded failure here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from preceptor.core.errors import InputError, NotAllowedError, StorageError
from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.core.registry import PluginIdentity
from preceptor.core.storable_text import storable
from preceptor.grading.grader import Grader, ModelGrader, asks_model, dimension_names, graders
from preceptor.grading.metered import MeteredModel, total_usage
from preceptor.grading.types import MetricScore, Sample, Score
from preceptor.models.failures import InfraFailure
from preceptor.models.provider import ChatModel
from preceptor.models.types import Usage

MAX_REASON_CHARACTERS = 2_000
NO_USAGE = Usage()


@dataclass(frozen=True, kw_only=True)
class PreparedGrader:
    """A metric's grader with what is the same for every sample, so that it is worked out once."""

    metric: str
    grader: Grader | ModelGrader
    identity: PluginIdentity
    is_asking: bool
    dimension_names: tuple[str, ...] = ()


Prepared = tuple[PreparedGrader, ...]


def prepare(wanted: Mapping[str, Grader | ModelGrader]) -> Prepared:
    """The graders ready for many samples, in the order of the metrics."""
    return tuple(_prepared(metric, grader) for metric, grader in wanted.items())


async def grade_prepared(
    sample: Sample, prepared: Prepared, judges: Mapping[str, ChatModel]
) -> tuple[MetricScore, ...]:
    """Each metric's score followed by those of its dimensions; `judges` holds the model of each that asks one.

    `grader_error` for a grader that crashed, whose judge gave no usable judgement, or that
    gave a number outside 0..1; with `details["is_infra"]` when the judge was not reached, so
    that asking again may help. `skipped` for one that says there is nothing to score, or that
    needs a judge and got none. Both have no value, never 0. `usage` is what the judge took,
    with `details["is_cached"]` when all of it was generated before.

    Raises NotAllowedError (a spend limit) and StorageError (our own disk): they are the caller's to answer.
    """
    scores: list[MetricScore] = []
    for one in prepared:
        scores += await _recorded(sample, one, judges.get(one.metric))
    return tuple(scores)


async def grade_all(
    sample: Sample, wanted: Mapping[str, Grader | ModelGrader], judges: Mapping[str, ChatModel]
) -> tuple[MetricScore, ...]:
    """As `grade_prepared`, for few samples: the graders are prepared anew."""
    return await grade_prepared(sample, prepare(wanted), judges)


async def grade(sample: Sample, metric: str, grader: Grader | ModelGrader, judge: ChatModel | None) -> MetricScore:
    """One grader's score as recorded, without its dimensions."""
    return (await _recorded(sample, _prepared(metric, grader), judge))[0]


def _prepared(metric: str, grader: Grader | ModelGrader) -> PreparedGrader:
    return PreparedGrader(
        metric=metric,
        grader=grader,
        identity=graders.identify(grader),
        is_asking=asks_model(grader),
        dimension_names=dimension_names(grader),
    )


async def _recorded(sample: Sample, one: PreparedGrader, judge: ChatModel | None) -> list[MetricScore]:
    metered = MeteredModel(model=judge) if judge is not None and one.is_asking else None
    details: JsonObject = {}
    status: Literal["ok", "grader_error"] = "ok"
    try:
        score = await _score(sample, one, metered)
    except (NotAllowedError, StorageError):
        raise
    except Exception as error:  # noqa: BLE001 - DESIGN: a crash of a grader is recorded, here and nowhere else
        score = Score(value=None, reason=f"{type(error).__name__}: {error}")
        status = "grader_error"
        details = {"is_infra": True} if isinstance(error, InfraFailure) else {}
    if metered is not None and metered.is_all_recorded:
        details = {**details, "is_cached": True}
    first = MetricScore(
        metric=one.metric,
        value=score.value,
        reason=_cut(score.reason),
        grader=one.identity,
        status="skipped" if score.value is None and status == "ok" else status,
        details=_storable_object({**score.details, **details}) if details or score.details else {},
        usage=total_usage(metered.usages) if metered is not None else NO_USAGE,
    )
    if not one.dimension_names and not score.dimensions:
        return [first]
    return [first, *_dimension_scores(one, score, first, status)]


def _dimension_scores(
    one: PreparedGrader, score: Score, first: MetricScore, status: Literal["ok", "grader_error"]
) -> list[MetricScore]:
    """Those that the grader names first, in its order; where it gave none, the whole's reason says why."""
    names = dict.fromkeys([*one.dimension_names, *score.dimensions])
    return [
        MetricScore(
            metric=f"{one.metric}.{name}",
            value=value,
            reason=first.reason or ("" if value is not None else f"the grader gave no score for {name}"),
            grader=one.identity,
            status="skipped" if value is None and status == "ok" else status,
        )
        for name, value in ((name, score.dimensions.get(name)) for name in names)
    ]


async def _score(sample: Sample, one: PreparedGrader, judge: ChatModel | None) -> Score:
    if not one.is_asking:
        score = cast("Grader", one.grader).grade(sample)
    elif judge is None:
        score = Score(value=None, reason="it asks a judge, and none was given")
    else:
        score = await cast("ModelGrader", one.grader).grade_with(sample, judge)
    # NaN fails every comparison, so it is caught here too.
    if score.value is not None and not 0 <= score.value <= 1:
        raise InputError(f"the grader gave {score.value!r}; a score is from 0 to 1, or None with a reason")
    for name, value in score.dimensions.items():
        if value is not None and not 0 <= value <= 1:
            raise InputError(f"the grader gave {value!r} for {name!r}; a score is from 0 to 1, or None with a reason")
    return score


def _storable_object(value: JsonObject) -> JsonObject:
    return {storable(key): _storable_value(item) for key, item in value.items()}


def _storable_value(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable_value(item) for item in value]
    return _storable_object(value) if isinstance(value, dict) else value


def _cut(reason: str) -> str:
    return storable(reason if len(reason) <= MAX_REASON_CHARACTERS else reason[:MAX_REASON_CHARACTERS] + "…")
