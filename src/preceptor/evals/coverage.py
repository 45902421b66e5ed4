"""How much of a suite was scored, and a row for every case of it, scored or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from preceptor.core.errors import InputError
from preceptor.evals.types import Coverage, EvalCase, EvalRun, SampleResult, ScoreRow, Suite


def coverage(run: EvalRun, samples: Iterable[SampleResult], metric: str | None = None) -> Coverage:
    """How many of the run's cases were attempted and how many have a score on the metric (the primary one).

    A case that was skipped was not attempted.
    """
    metric = metric or run.primary
    results = list(samples)
    num_attempted = sum(1 for result in results if result.status != "skipped")
    num_scored = sum(1 for result in results if _score_of(result, metric).score is not None)
    return Coverage(
        metric=metric,
        num_cases=run.num_cases,
        num_attempted=num_attempted,
        num_scored=num_scored,
        share=num_scored / num_attempted if num_attempted else None,
        by_status=dict(sorted(Counter(result.status for result in results).items())),
    )


def score_rows(suite: Suite, samples: Iterable[SampleResult], metric: str) -> list[ScoreRow]:
    """One row for every case of the suite, in its order; a case without a score has None and the reason.

    A model's failure to answer is no score either: how many there were shows in the coverage.
    Raises InputError for a metric that the suite has not.
    """
    if metric not in suite.graders:
        raise InputError(f"the suite {suite.name!r} has no metric {metric!r}; it has: {', '.join(suite.graders)}")
    results = {result.case_id: result for result in samples}
    return [_row(case, results.get(case.id), metric) for case in suite.cases]


def _row(case: EvalCase, result: SampleResult | None, metric: str) -> ScoreRow:
    found = ScoreRow(id=case.id, score=None, reason="not run") if result is None else _score_of(result, metric)
    return ScoreRow(id=case.id, score=found.score, reason=found.reason, cluster=case.cluster, slices=case.slices)


def _score_of(result: SampleResult, metric: str) -> ScoreRow:
    score = next((score for score in result.scores if score.metric == metric), None)
    if score is not None:
        reason = f"{score.status}: {score.reason}" if score.value is None else score.reason
        return ScoreRow(id=result.case_id, score=score.value, reason=reason)
    return ScoreRow(id=result.case_id, score=None, reason=f"{result.status}: {result.error or 'not graded'}")
