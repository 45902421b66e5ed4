"""Score one answer of a run: each grader once, and on resuming only those that failed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import NamedTuple

from preceptor.core.errors import NotAllowedError
from preceptor.core.storable_text import storable
from preceptor.evals.types import SampleResult
from preceptor.grading.grade import Prepared, PreparedGrader, grade_prepared
from preceptor.grading.types import MetricScore, Sample
from preceptor.models.provider import ChatModel


class GradedSample(NamedTuple):
    """The result with its scores; `stopped` says which limit kept a judge from being asked, empty otherwise."""

    result: SampleResult
    stopped: str = ""


async def grade_sample(
    sample: Sample, answered: SampleResult, graders: Prepared, judges: Mapping[str, ChatModel]
) -> GradedSample:
    """The answer with a score of every metric, in the order of the graders; scores that it has already are kept.

    A spend limit (NotAllowedError) that holds a judge back makes that metric a `grader_error`
    that is worth another try: the answer was paid for and is not thrown away.
    """
    scores: list[MetricScore] = []
    stopped = ""
    for one in graders:
        found = [score for score in answered.scores if _is_of(score, one)]
        if not found or any(score.status == "grader_error" for score in found):
            try:
                found = list(await grade_prepared(sample, (one,), judges))
            except NotAllowedError as error:
                stopped = str(error)
                found = [_held_back(one, stopped)]
        scores += found
    return GradedSample(_with_scores(answered, tuple(scores)), stopped)


def _with_scores(answered: SampleResult, scores: tuple[MetricScore, ...]) -> SampleResult:
    failed = any(score.status == "grader_error" for score in scores)
    return dataclasses.replace(answered, scores=scores, status="grader_error" if failed else "ok")


def _is_of(score: MetricScore, grader: PreparedGrader) -> bool:
    return score.metric == grader.metric or score.metric.startswith(f"{grader.metric}.")


def _held_back(grader: PreparedGrader, why: str) -> MetricScore:
    return MetricScore(
        metric=grader.metric,
        value=None,
        reason=storable(f"not graded: {why}"),
        grader=grader.identity,
        status="grader_error",
        details={"is_infra": True},
    )
