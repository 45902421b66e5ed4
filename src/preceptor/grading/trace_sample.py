"""A production trace as a grader sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from preceptor.grading.grader import Grader, ModelGrader, graders
from preceptor.grading.types import MetricScore, Sample
from preceptor.traces.types import Trace


def sample_of(trace: Trace, passages: Mapping[str, str]) -> Sample:
    """The sample to grade: production has no wanted answer, so `target` is None."""
    return Sample(
        output=trace.output,
        messages=trace.messages,
        passages=dict(passages),
        recorded_scores=trace.recorded_scores,
        metadata=trace.metadata,
    )


def ungraded(
    wanted: Mapping[str, Grader | ModelGrader], scores: Iterable[MetricScore]
) -> dict[str, Grader | ModelGrader]:
    """The graders that have not scored yet, in this version and with these settings; a failed one counts as not yet."""
    done = {(score.metric, score.grader.hash) for score in scores if score.status != "grader_error"}
    return {metric: grader for metric, grader in wanted.items() if (metric, graders.identify(grader).hash) not in done}
