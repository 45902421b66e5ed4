"""Score one answer of a run: each grader once, and on resuming only those that failed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import NamedTuple

from preceptor.core.errors import NotAllowedError
from preceptor.core.storable_text import storable
from preceptor.evals.types import EvalCase, SampleResult, Suite
from preceptor.grading.grade import Prepared, PreparedGrader, grade_prepared
from preceptor.grading.types import MetricScore, Sample
from preceptor.models.provider import ChatModel
from preceptor.models.types import Message


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
    metrics = {one.metric for one in graders}
    for one in graders:
        found = [score for score in answered.scores if _owner(score.metric, metrics) == one.metric]
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


def _owner(metric: str, metrics: set[str]) -> str:
    """The grader's metric that a score belongs to: its own, or the one that it is a dimension of."""
    return metric if metric in metrics else metric.rpartition(".")[0]


def _held_back(grader: PreparedGrader, why: str) -> MetricScore:
    return MetricScore(
        metric=grader.metric,
        value=None,
        reason=storable(f"not graded: {why}"),
        grader=grader.identity,
        status="grader_error",
        details={"is_infra": True},
    )


def sample_to_grade(suite: Suite, case: EvalCase, answered: SampleResult) -> Sample:
    """What graders see of an answer to a case; a plain answer is a transcript of one turn."""
    return Sample(
        output=answered.output or "",
        messages=case.messages,
        target=case.target,
        passages=suite.passages,
        metadata=case.metadata,
        transcript=answered.transcript or (Message(role="assistant", content=answered.output or ""),),
        tools=tuple(tool.tool for tool in suite.tools),
        rubric=case.rubric,
    )
