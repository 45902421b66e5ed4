"""How much of a suite was scored, and a row for every case of it, scored or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from preceptor.core.errors import InputError
from preceptor.evals.identity import suite_graders
from preceptor.evals.types import Coverage, EvalCase, EvalRun, SampleResult, ScoreRow, Suite
from preceptor.grading.grader import metric_names


class _Found(NamedTuple):
    """The score of one attempt, or None and why."""

    score: float | None
    reason: str


def coverage(run: EvalRun, samples: Iterable[SampleResult], metric: str | None = None) -> Coverage:
    """How many attempts (a case in an epoch) were made and how many have a score on the metric (the primary one).

    A sample that was skipped was not attempted.
    """
    metric = metric or run.primary
    results = list(samples)
    num_attempted = sum(1 for result in results if result.status != "skipped")
    num_scored = sum(1 for result in results if _found(result, metric).score is not None)
    return Coverage(
        metric=metric,
        num_cases=run.num_cases,
        num_attempted=num_attempted,
        num_scored=num_scored,
        share=num_scored / num_attempted if num_attempted else None,
        by_status=dict(sorted(Counter(result.status for result in results).items())),
        num_epochs=num_epochs(run),
    )


def num_epochs(run: EvalRun) -> int:
    """How often each case of the run is asked, as written when it began."""
    written = run.settings.get("epochs", 1)
    return written if isinstance(written, int) else 1


def score_rows(suite: Suite, samples: Iterable[SampleResult], metric: str) -> list[ScoreRow]:
    """One row for every case of the suite, in its order; a case without a score has None and the reason.

    The score is the mean over the epochs, None when one of them lacks its score: a mean over
    the others would favour what fails often. A model's failure to answer is no score either:
    how many there were shows in the coverage. Raises InputError for a metric that the suite has not.
    """
    _check_metric(suite, metric)
    results = {(result.case_id, result.epoch): result for result in samples}
    return [_row(case, [results.get((case.id, epoch)) for epoch in _epochs(suite)], metric) for case in suite.cases]


def scores_by_epoch(suite: Suite, samples: Iterable[SampleResult], metric: str) -> dict[str, list[float | None]]:
    """Each case's scores in the order of the epochs, None where one is missing; InputError as `score_rows`."""
    _check_metric(suite, metric)
    results = {(result.case_id, result.epoch): _found(result, metric).score for result in samples}
    return {case.id: [results.get((case.id, epoch)) for epoch in _epochs(suite)] for case in suite.cases}


def _epochs(suite: Suite) -> range:
    return range(1, suite.epochs + 1)


def _check_metric(suite: Suite, metric: str) -> None:
    # The graders are made only for a metric that may be a dimension of one.
    if metric in suite.graders:
        return
    names = metric_names(suite_graders(suite))
    if metric not in names:
        raise InputError(f"the suite {suite.name!r} has no metric {metric!r}; it has: {', '.join(names)}")


def _row(case: EvalCase, attempts: Sequence[SampleResult | None], metric: str) -> ScoreRow:
    found = [_found(result, metric) for result in attempts]
    missing = [(epoch, one) for epoch, one in enumerate(found, start=1) if one.score is None]
    if len(found) == 1:
        score, reason = found[0]
    elif missing:
        epoch, first = missing[0]
        more = f" ({len(missing)} of {len(found)} epochs have no score)" if len(missing) > 1 else ""
        score, reason = None, f"epoch {epoch}: {first.reason}{more}"
    else:
        score, reason = fmean(one.score for one in found if one.score is not None), ""
    return ScoreRow(id=case.id, score=score, reason=reason, cluster=case.cluster, slices=case.slices, tags=case.tags)


def _found(result: SampleResult | None, metric: str) -> _Found:
    if result is None:
        return _Found(None, "not run")
    score = next((score for score in result.scores if score.metric == metric), None)
    if score is not None:
        return _Found(score.value, f"{score.status}: {score.reason}" if score.value is None else score.reason)
    return _Found(None, f"{result.status}: {result.error or 'not graded'}")
