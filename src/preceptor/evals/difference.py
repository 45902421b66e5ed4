"""What paired scores say of the difference of their means, by the test that fits the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from preceptor.evals.pairing import ScorePair
from preceptor.stats.bootstrap import bca_mean
from preceptor.stats.means import MeanSample, mean_interval, mean_sample, p_value_of_zero, why_no_interval
from preceptor.stats.paired import Flips, mcnemar_exact_p, tango_interval
from preceptor.stats.types import Interval

BOOTSTRAP_FROM = 50
SKEWED = 1.0


class Difference(NamedTuple):
    """The estimate and what it rests on; `flips` only where scores are 0 or 1 and cases independent."""

    value: float
    interval: Interval | None
    p_value: float | None
    test: str
    reason: str
    sample: MeanSample
    flips: Flips | None
    bounds: Interval | None


class Scale(NamedTuple):
    """The lowest and the highest score that there can be."""

    low: float
    high: float


def scale_of(pairs: Sequence[ScorePair]) -> Scale | None:
    """From 0 to 1, as every grader here scores, when all scores lie there; None, not known, otherwise."""
    is_unit = all(0 <= score <= 1 for pair in pairs for score in (pair.baseline, pair.candidate))
    return Scale(0.0, 1.0) if is_unit else None


def is_binary(pairs: Sequence[ScorePair]) -> bool:
    """True when every score is 0 or 1."""
    return all(pair.baseline in (0, 1) and pair.candidate in (0, 1) for pair in pairs)


def shares_clusters(pairs: Sequence[ScorePair]) -> bool:
    """True when some cases name the same cluster, so that they are not independent."""
    named = [pair.cluster for pair in pairs if pair.cluster is not None]
    return len(set(named)) < len(named)


def paired_difference(
    pairs: Sequence[ScorePair], *, confidence: float, rng: np.random.Generator, scale: Scale | None
) -> Difference:
    """Candidate minus baseline over at least one pair.

    Scores 0 and 1: McNemar's exact test, Tango's interval. Others: paired Student's t; from 50
    pairs on whose changes are skewed, BCa bootstrap. Cases that share a cluster: cluster-robust
    t with clusters minus one degrees of freedom, whatever the scores. Where nearly all changes
    are equal the interval of the last two is widened to what the data cannot rule out
    (`stats/means.py`), or None with the reason.
    """
    changes = [pair.change for pair in pairs]
    sample = mean_sample(changes, [pair.cluster for pair in pairs])
    bounds = Interval(scale.low - scale.high, scale.high - scale.low) if scale else None
    if sample.is_clustered or not is_binary(pairs):
        return _of_changes(changes, sample, confidence, rng, bounds)
    flips = Flips(gained=changes.count(1), lost=changes.count(-1), n=len(changes))
    interval = tango_interval(flips, confidence)
    return Difference(sample.mean, interval, mcnemar_exact_p(flips), "mcnemar_exact", "", sample, flips, bounds)


def _of_changes(
    changes: Sequence[float],
    sample: MeanSample,
    confidence: float,
    rng: np.random.Generator,
    bounds: Interval | None,
) -> Difference:
    if not sample.is_clustered and not sample.is_sparse and sample.n >= BOOTSTRAP_FROM and _is_skewed(changes):
        interval, p_value = bca_mean(changes, rng, confidence)
        return Difference(sample.mean, interval, p_value, "bca_bootstrap", "", sample, None, bounds)
    return Difference(
        value=sample.mean,
        interval=mean_interval(sample, confidence, bounds),
        p_value=p_value_of_zero(sample),
        test="cluster_robust_t" if sample.is_clustered else "paired_t",
        reason=why_no_interval(sample, bounds) or _why_widened(sample),
        sample=sample,
        flips=None,
        bounds=bounds,
    )


def _why_widened(sample: MeanSample) -> str:
    if not sample.is_sparse:
        return ""
    return "nearly all changes are equal: the interval is widened to what so few others cannot rule out"


def _is_skewed(changes: Sequence[float]) -> bool:
    centred = np.asarray(changes) - np.mean(changes)
    return bool(abs(np.mean(centred**3)) > SKEWED * np.mean(centred**2) ** 1.5)
