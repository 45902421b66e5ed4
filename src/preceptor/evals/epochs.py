"""How reliably a suite's cases pass when each is asked several times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from preceptor.evals.coverage import scores_by_epoch
from preceptor.evals.types import EpochFigures, SampleResult, Suite
from preceptor.stats.repeats import Trials, pass_at_k, pass_hat_k

PASS = 1.0


def epoch_figures(suite: Suite, samples: Iterable[SampleResult], metric: str) -> list[EpochFigures]:
    """pass@k and pass^k on the metric for k = 1 to the suite's epochs, over all its cases.

    A try passes when its score is 1.0, the highest there is; a lower one does not, however
    near. Where an epoch of any case has no score the figures are None with the reason: a try
    that was not made is no failure. Raises InputError for a metric that the suite has not.
    """
    by_case = scores_by_epoch(suite, samples, metric)
    reason = _why_missing(by_case, suite.epochs)
    tries = [Trials(len(scores), sum(score == PASS for score in scores)) for scores in by_case.values()]
    return [
        EpochFigures(
            metric=metric,
            k=k,
            num_cases=len(tries),
            pass_at=None if reason else pass_at_k(tries, k),
            pass_hat=None if reason else pass_hat_k(tries, k),
            reason=reason,
        )
        for k in range(1, suite.epochs + 1)
    ]


def _why_missing(by_case: Mapping[str, Sequence[float | None]], epochs: int) -> str:
    if not by_case:
        return "there is no case"
    num_missing = sum(score is None for scores in by_case.values() for score in scores)
    num_cases = sum(None in scores for scores in by_case.values())
    if not num_missing:
        return ""
    return f"{num_missing} of {len(by_case) * epochs} tries have no score, in {num_cases} of {len(by_case)} cases"
