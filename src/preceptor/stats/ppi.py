"""The mean of what people would say, from a few human labels and a judge's scores of everything (PPI++).

The judge's mean is cheap and biased; the labels say by how much. Sources: Angelopoulos, Bates, Fannjiang,
Jordan & Zrnic (2023), "Prediction-powered inference", Science 382:669; Angelopoulos, Duchi & Zrnic (2023),
"PPI++: Efficient prediction-powered inference", arXiv 2311.01453, example 6.1 (the tuning); Zou & Donner
(2008), Statistics in Medicine 27:1693 (the interval of a sum from those of its parts, MOVER); Hall (1992),
JRSS B 54:221 (skewness). The labelled cases are some of the judged ones: the rest, disjoint from them, is
the paper's unlabelled sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from preceptor.core.errors import InputError
from preceptor.stats.clustered import cluster_sums
from preceptor.stats.intervals import check_confidence, clopper_pearson, t_quantile, wilson
from preceptor.stats.means import MIN_CLUSTERS, mean_interval, mean_sample, why_no_interval
from preceptor.stats.types import Interval

Numbers = npt.NDArray[np.float64]

UNIT = Interval(0.0, 1.0)

BAND = 0.05
"""Labels and scores that differ by at most this share of the range agree, where rare large errors may be unseen."""

MIN_LABELS = 20
"""Below this the t interval of skewed residuals is not to be trusted (simulated: `tests/stats/test_ppi.py`)."""


@dataclass(frozen=True, kw_only=True)
class LabelledScores:
    """A judge's scores: `judged` of the cases that people labelled (`labels`, in the same order), `rest` of the others.

    Which cases were labelled must not depend on the answers or on the judge: draw them at random.
    Clusters name cases that are not independent, also across the two parts; None stands alone.
    For a difference of two sides, every figure is the difference.
    """

    labels: Sequence[float]
    judged: Sequence[float]
    rest: Sequence[float]
    label_clusters: Sequence[str | None] | None = None
    rest_clusters: Sequence[str | None] | None = None


class PpiEstimate(NamedTuple):
    """The corrected mean; `tuning` (0 to 1) is how far the judge was trusted, 0 being the labels' own mean.

    `units` counts the independent labelled units: the cases, or their clusters. `skew` is that of
    the estimate, not of one case: it falls with the root of the labels.
    """

    value: float
    standard_error: float
    tuning: float
    num_labels: int
    num_rest: int
    units: int
    skew: float


class PpiInterval(NamedTuple):
    """The estimate and its interval, None with the reason where there is none to give."""

    estimate: PpiEstimate
    interval: Interval | None
    reason: str = ""


class _Scores(NamedTuple):
    labels: Numbers
    judged: Numbers
    rest: Numbers
    clusters: Sequence[str | None] | None
    label_clusters: Sequence[str | None] | None

    @property
    def is_independent(self) -> bool:
        names = [name for name in self.clusters or () if name is not None]
        return len(set(names)) == len(names)

    def is_share(self, bounds: Interval | None) -> bool:
        """True when the mean is a share of independent cases; a difference that happens to be 0 or 1 is none."""
        is_binary = all(bool(np.isin(part, (0.0, 1.0)).all()) for part in (self.labels, self.judged, self.rest))
        return is_binary and self.is_independent and bounds in (None, UNIT)


def ppi_mean(scores: LabelledScores, tuning: float | None = None, *, small_sample: bool = True) -> PpiEstimate:
    """The corrected mean and its standard error, cluster-robust where cases share a cluster.

    The tuning is the one of least variance, clipped to 0..1, unless it is given (1 is the first
    paper's estimator). It is 0, and the judge unused, when there are no other cases or the
    judge's scores of the labelled ones do not rise with the labels. `small_sample` corrects the
    variance for what was estimated from few labels (the tuning costs one more); the papers have no such
    factor. Raises InputError for fewer than two labels.

    >>> labels, judged = [1] * 6 + [1, 0] + [0] * 2, [1] * 6 + [0, 1] + [0] * 2
    >>> few = LabelledScores(labels=labels, judged=judged, rest=[1] * 70 + [0] * 30)
    >>> estimate = ppi_mean(few, tuning=1.0, small_sample=False)
    >>> round(estimate.value, 3), round(estimate.standard_error, 6)
    (0.7, 0.148661)
    """
    return _estimate(_checked(scores), tuning, small_sample=small_sample)


def ppi_interval(scores: LabelledScores, confidence: float = 0.95, bounds: Interval | None = None) -> PpiInterval:
    """The corrected mean with an interval that does not shrink to nothing when judge and people always agree.

    Student's t on the labelled units. It is widened, never narrowed, on the side where skewed
    differences make it unsafe (Hall's transformation), and where few labels differ from the judge's
    scores: for yes/no scores of independent cases (`bounds` None or 0 to 1) to Wilson's intervals of the share right
    among those the judge called right, and among the others; for other scores by the exact bound of
    `stats/means.py` on how many cases the judge misjudges, each as far as `bounds` (of the labels' mean)
    allows. Where the judge is not used, the labels' own exact interval.

    Simulated (20 to 200 labels, 200 to 1,000 other cases, shares .05 to .95, judges right on 70 to 99 %):
    95 % intervals of a share cover 94 to 97 % where the judge errs on twenty labels or more and the share lies
    between .2 and .8, and 96 to 100 % elsewhere: there the width is what so few labels cannot rule out. The
    judge's own interval covers 0 to 96 %. None below 20 labels (unless every case is labelled),
    below ten labelled clusters, and where nearly all differences are equal and `bounds` are not known.
    """
    check_confidence(confidence)
    checked = _checked(scores)
    estimate = _estimate(checked, None, small_sample=True)
    if not checked.is_independent and estimate.units < MIN_CLUSTERS:
        return PpiInterval(
            estimate, None, f"{estimate.units} labelled clusters; a cluster-robust interval needs {MIN_CLUSTERS}"
        )
    if estimate.tuning == 0:
        return _of_labels(checked, estimate, confidence, bounds)
    if estimate.num_labels < MIN_LABELS:
        return PpiInterval(estimate, None, f"{estimate.num_labels} human labels; a corrected mean needs {MIN_LABELS}")
    ends = _student(estimate, confidence)
    if checked.is_share(bounds):
        return PpiInterval(estimate, _within(_wider(ends, _by_verdict(checked, estimate, confidence)), bounds))
    guard = _unseen(checked, estimate, confidence, bounds)
    if guard is None:
        return PpiInterval(estimate, None, "nearly all labels differ from the judge alike; name the scale")
    return PpiInterval(estimate, _within(_wider(ends, guard), bounds))


def _checked(scores: LabelledScores) -> _Scores:
    labels, judged, rest = (np.asarray(part, np.float64) for part in (scores.labels, scores.judged, scores.rest))
    if len(labels) != len(judged):
        raise InputError(f"{len(labels)} labels for {len(judged)} judged cases; give one each")
    if len(labels) < 2:  # noqa: PLR2004 - one label has no spread
        raise InputError(f"{len(labels)} human labels; a corrected mean needs at least two")
    if not all(bool(np.isfinite(part).all()) for part in (labels, judged, rest)):
        raise InputError("a score is not a finite number; leave out cases without one")
    if scores.label_clusters is None and scores.rest_clusters is None:
        return _Scores(labels, judged, rest, None, None)
    label_clusters = list(scores.label_clusters or [None] * len(labels))
    clusters = [*label_clusters, *(scores.rest_clusters or [None] * len(rest))]
    if len(label_clusters) != len(labels) or len(clusters) != len(labels) + len(rest):
        raise InputError(f"{len(clusters)} cluster names for {len(labels) + len(rest)} cases; give one each")
    return _Scores(labels, judged, rest, clusters, label_clusters)


def _estimate(scores: _Scores, tuning: float | None, *, small_sample: bool) -> PpiEstimate:
    labels, judged, rest = scores.labels, scores.judged, scores.rest
    is_tuned = tuning is None
    trust = _tuning(scores) if tuning is None else tuning
    residuals = labels - trust * judged
    mean_rest = float(rest.mean()) if len(rest) else 0.0
    pulls = (residuals - residuals.mean()) / len(labels)
    if len(rest):
        pulls = np.concatenate([pulls, trust * (rest - mean_rest) / len(rest)])
    units = (
        len(labels)
        if scores.label_clusters is None
        else len(cluster_sums(labels.tolist(), scores.label_clusters).sizes)
    )
    # A cluster pulls with all its cases, labelled or not, so their covariance is counted.
    sums = pulls if scores.clusters is None else cluster_sums(pulls.tolist(), scores.clusters).totals
    spent = 2 if is_tuned and trust > 0 else 1
    factor = units / max(1, units - spent) if small_sample else 1.0
    squares = float(np.sum(sums**2))
    return PpiEstimate(
        value=trust * mean_rest + float(residuals.mean()),
        standard_error=sqrt(factor * squares),
        tuning=trust,
        num_labels=len(labels),
        num_rest=len(rest),
        units=units,
        skew=float(np.sum(sums**3)) / squares**1.5 if squares else 0.0,
    )


def _tuning(scores: _Scores) -> float:
    labels, judged, rest = scores.labels, scores.judged, scores.rest
    variance = float(np.var(np.concatenate([judged, rest])))
    if not len(rest) or variance == 0:
        return 0.0
    covariance = float(np.mean((labels - labels.mean()) * (judged - judged.mean())))
    return min(max(covariance / ((1 + len(labels) / len(rest)) * variance), 0.0), 1.0)


def _of_labels(scores: _Scores, estimate: PpiEstimate, confidence: float, bounds: Interval | None) -> PpiInterval:
    why = "the judge's scores do not rise with the labels: the labels alone" if estimate.num_rest else ""
    if scores._replace(judged=scores.labels, rest=scores.labels).is_share(bounds):
        return PpiInterval(estimate, clopper_pearson(int(scores.labels.sum()), estimate.num_labels, confidence), why)
    sample = mean_sample(scores.labels.tolist(), scores.label_clusters)
    interval = mean_interval(sample, confidence, bounds)
    return PpiInterval(estimate, interval, why_no_interval(sample, bounds) or why)


def _student(estimate: PpiEstimate, confidence: float) -> Interval:
    """Student's interval, on the side that the skew makes unsafe widened by Hall's correction."""
    quantile = t_quantile(confidence, max(1, estimate.units - 2))
    below = max(quantile, _unskewed(quantile, estimate.skew))
    above = max(quantile, -_unskewed(-quantile, estimate.skew))
    return Interval(estimate.value - below * estimate.standard_error, estimate.value + above * estimate.standard_error)


def _unskewed(quantile: float, skew: float) -> float:
    """How many standard errors a skewed mean lies off where a normal one lies `quantile` off (Hall)."""
    if abs(skew) < 1e-9:  # noqa: PLR2004 - none
        return quantile
    return 3 / skew * (float(np.cbrt(1 + skew * (quantile - skew / 6))) - 1)


def _by_verdict(scores: _Scores, estimate: PpiEstimate, confidence: float) -> Interval:
    """Wilson's intervals of three shares put together: the judge's yes, and the true yes within its yes and its no."""
    labels, judged = scores.labels, scores.judged
    num_yes, num = int(judged.sum()), len(judged)
    right_yes = int((labels * judged).sum())
    yes = _Share(right_yes, num_yes, confidence)
    no = _Share(int(labels.sum()) - right_yes, num - num_yes, confidence)
    all_yes = _Share(int(judged.sum() + scores.rest.sum()), num + len(scores.rest), confidence)
    weight, slope = all_yes.value, yes.value - no.value
    below, above = (all_yes.below, all_yes.above) if slope > 0 else (all_yes.above, all_yes.below)
    low = sqrt((weight * yes.below) ** 2 + ((1 - weight) * no.below) ** 2 + (slope * below) ** 2)
    high = sqrt((weight * yes.above) ** 2 + ((1 - weight) * no.above) ** 2 + (slope * above) ** 2)
    return Interval(estimate.value - low, estimate.value + high)


class _Share:
    """A share with how far its interval reaches to either side; one of nothing may be anything."""

    def __init__(self, successes: int, n: int, confidence: float) -> None:
        ends = wilson(successes, n, confidence) if n else Interval(0.0, 1.0)
        self.value = successes / n if n else 0.5
        self.below, self.above = self.value - ends.low, ends.high - self.value


def _unseen(scores: _Scores, estimate: PpiEstimate, confidence: float, bounds: Interval | None) -> Interval | None:
    """The estimate with what the labels cannot rule out of cases that are misjudged; None without known bounds."""
    # Either the labels themselves or their distance to the judge: whatever the tuning lies closer to.
    anchor = 1.0 if estimate.tuning >= 0.5 else 0.0  # noqa: PLR2004 - half way
    distances = scores.labels - anchor * scores.judged
    width = None if bounds is None else bounds.high - bounds.low
    reach = None if width is None or bounds is None else Interval(-width, width) if anchor else bounds
    near = BAND * (width or 0.0)
    sample = mean_sample(distances.tolist(), scores.label_clusters, near)
    if not sample.is_sparse:
        return Interval(estimate.value, estimate.value)
    ends = mean_interval(sample, confidence, reach)
    if ends is None:
        return None
    judged_error = sqrt(
        (anchor - estimate.tuning) ** 2 * float(np.var(scores.judged, ddof=1)) / len(scores.judged)
        + estimate.tuning**2 * float(np.var(scores.rest)) / len(scores.rest)
    )
    judged_reach = t_quantile(confidence, max(1, estimate.units - 2)) * judged_error
    low = estimate.value - sqrt((sample.mean - ends.low) ** 2 + judged_reach**2)
    return Interval(low, estimate.value + sqrt((ends.high - sample.mean) ** 2 + judged_reach**2))


def _wider(first: Interval, second: Interval) -> Interval:
    return Interval(min(first.low, second.low), max(first.high, second.high))


def _within(ends: Interval, bounds: Interval | None) -> Interval:
    return ends if bounds is None else Interval(max(ends.low, bounds.low), min(ends.high, bounds.high))
